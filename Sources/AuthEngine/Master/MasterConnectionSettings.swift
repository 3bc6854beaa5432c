public import AuthDatabases

/// What a connection to a userdb or master socket is allowed and how it is treated.
public struct MasterConnectionSettings: Sendable {
    /// Which commands a socket takes.
    public enum Kind: Sendable, Hashable {
        /// USER, PASS and LIST.
        case userdb
        /// REQUEST and CACHE-FLUSH as well.
        case master
    }

    public var kind: Kind
    /// The peer's user id if the peer may only see the user who has it, for it came through a socket of mode 0666 that
    /// isn't its own.
    public var restrictedUserID: UInt32?
    /// The peer's process, if the kernel says it.
    public var peerProcessID: UInt32?
    /// Which names there may be, and how they are spelled for the databases.
    public var usernames: UsernamePolicy
    /// When a lookup without an answer ends as a temporary failure.
    public var lookupDeadline: Duration = .seconds(8)
    /// How long a new connection may take to say VERSION; Dovecot waits for ever.
    public var handshakeTimeout: Duration = .seconds(30)
    /// How many lookups of one connection may be open.
    public var maximumLookupsInFlight = 200
    /// Whether refused names are logged (`auth_verbose`).
    public var isVerbose = false
    /// What single protocols have of their own.
    public var protocols = ProtocolTable<LoginSettings?>(nil)

    public init(kind: Kind, usernames: UsernamePolicy) {
        self.kind = kind
        self.usernames = usernames
    }
}
