/// One `unix_listener` of `service auth`.
public struct UnixListener: Sendable, Equatable {
    /// What is spoken on a socket.
    public enum Kind: String, Sendable, Equatable, CaseIterable {
        /// Logins for a mail server such as Postfix.
        case client
        /// Logins for Dovecot's own login processes, followed by a master's REQUEST.
        case login
        /// Dovecot's master protocol.
        case master
        /// User lookups.
        case userdb
        /// Token logins.
        case token
    }

    /// How a temporary failure reaches the client.
    public enum TemporaryFailure: String, Sendable, Equatable, CaseIterable {
        /// Closes towards a client that would take the answer for a wrong password (Postfix), else answers.
        case automatic = "auto"
        /// Always closes the connection.
        case close
        /// Always answers `FAIL … code=temp_fail`.
        case reply
    }

    /// When the greeting is sent.
    public enum Greeting: String, Sendable, Equatable, CaseIterable {
        /// All of it at once when the client connects.
        case connect
        /// As Dovecot 2.4: VERSION at connect, the rest when the client has sent its own VERSION.
        case version
    }

    /// Absolute path of the socket.
    public var path: String

    /// What is spoken there: the listener's `type` (2.4), else what Dovecot 2.3 takes from the file name.
    public var kind: Kind

    /// Permission bits of the socket file.
    public var mode: UInt32 = 0o600

    /// Owner of the socket file by name, `nil` for the account that creates it.
    public var user: String?

    /// Group of the socket file by name, `nil` for the group of the account that creates it.
    public var group: String?

    /// How a temporary failure reaches the client (`gatepost_temporary_failure`).
    public var temporaryFailure: TemporaryFailure = .automatic

    /// When the greeting is sent (`gatepost_greeting`).
    public var greeting: Greeting = .connect

    /// Where the listener's section begins.
    public var location: SourceLocation

    /// A listener with Dovecot's default permissions.
    public init(path: String, kind: Kind = .client, location: SourceLocation) {
        self.path = path
        self.kind = kind
        self.location = location
    }
}
