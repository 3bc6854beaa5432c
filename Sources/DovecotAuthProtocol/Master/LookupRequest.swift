/// The parameters of a USER or PASS line.
public struct LookupRequest: Hashable, Sendable {
    /// Chosen by the peer; unlike a client's, it may be 0.
    public var id: UInt32
    public var user: String
    /// `service=`: smtp, imap, …; may be empty, but not absent.
    public var service: String

    /// `lip=`: the address that the mail client connected to.
    public var localAddress: String?
    /// `rip=`: the mail client's address.
    public var remoteAddress: String?
    public var localPort: UInt16?
    public var remotePort: UInt16?
    /// `real_rip=`: the mail client's address on the far side of a proxy, if it differs.
    public var realRemoteAddress: String?
    /// `session=`: the session's id in the logs.
    public var session: String?
    /// `debug`: debug logging for this lookup.
    public var isDebugged = false

    public init(id: UInt32, user: String, service: String) {
        self.id = id
        self.user = user
        self.service = service
    }
}

/// The parameters of a REQUEST line: a mail process takes over a login that a login process has had checked.
public struct LoginClaim: Hashable, Sendable {
    /// Chosen by the peer for the reply.
    public var id: UInt32
    /// What the login process said in CPID.
    public var clientProcessID: UInt32
    /// The id of the AUTH.
    public var clientRequest: UInt32
    /// The COOKIE that the login process was given; nil if the text is hexadecimal, but not of a cookie's length.
    public var cookie: ServerGreeting.Cookie?
    /// `session_pid=`: the process that the session will live in.
    public var sessionProcessID: UInt32?

    public init(
        id: UInt32, clientProcessID: UInt32, clientRequest: UInt32, cookie: ServerGreeting.Cookie?,
        sessionProcessID: UInt32? = nil
    ) {
        self.id = id
        self.clientProcessID = clientProcessID
        self.clientRequest = clientRequest
        self.cookie = cookie
        self.sessionProcessID = sessionProcessID
    }
}
