/// What a password database is asked: one login attempt, after the name was normalised.
public struct UserQuery: Sendable, Hashable {
    /// The name to look up.
    public var user: String
    /// The name as the mail client gave it.
    public var originalUser: String
    /// `smtp`, `imap`, …
    public var service: String
    /// `PLAIN`, `LOGIN`, … as the client spelled it.
    public var mechanism = ""
    /// The address that the mail client connected to, if it is known.
    public var localAddress: String?
    /// The mail client's address, if it is known.
    public var remoteAddress: String?
    public var localPort: UInt16?
    public var remotePort: UInt16?
    /// The session's id in the logs.
    public var sessionID: String?
    /// The mail client's address as the first proxy saw it, if it is known and differs.
    public var realRemoteAddress: String?
    public var realLocalAddress: String?
    public var realLocalPort: UInt16?
    public var realRemotePort: UInt16?
    /// The name that the mail client asked for in TLS.
    public var localName: String?
    /// What the mail client says of itself (IMAP ID).
    public var clientID: String?
    /// How safe the way to the mail client is.
    public var security = Security.none
    /// The mail server has verified the mail client's certificate.
    public var hasValidClientCertificate = false
    /// As whom to log in, if that is somebody else: `user` is a master user then.
    public var loginUser: String?
    /// Who logs in as `user`, once that master user's password was right.
    public var masterUser: String?
    /// What the mail server passes on of its client, for the reply (`forward_fields`).
    public var forwardedFields: [ExtraField] = []
    /// Whether a password database knows the user: by a login, or because it was asked.
    public var isKnown = false

    /// Whether answers will do that a change may have overtaken a moment ago, see ``PasswordEntry/isProvisional``.
    package var acceptsProvisional = false
    /// Whether the question comes again, because a provisional answer let nobody in.
    package var isRepeated = false

    /// How safe a way is, in the words of `%{secured}`.
    public enum Security: String, Sendable, Hashable {
        case none = ""
        case secured
        case tls = "TLS"
    }

    public init(user: String, service: String = "smtp") {
        self.user = user
        originalUser = user
        self.service = service
    }
}
