/// What a password database is asked: one login attempt, after the name was normalised.
///
/// Copies are cheap: they share all but the name until that is changed.
public struct UserQuery: Sendable, Hashable {
    /// The name to look up.
    public var user: String
    /// Whether a password database knows the user: by a login, or because it was asked.
    public var isKnown = false

    /// Whether answers will do that a change may have overtaken a moment ago, see ``PasswordEntry/isProvisional``.
    package var acceptsProvisional = false
    /// Whether the question comes again, because a provisional answer let nobody in.
    package var isRepeated = false

    private var shared: SharedCircumstances

    /// How safe a way is, in the words of `%{secured}`.
    public enum Security: String, Sendable, Hashable {
        case none = ""
        case secured
        case tls = "TLS"
    }

    public init(user: String, service: String = "smtp") {
        self.init(user: user, originalUser: user, service: service)
    }

    /// All at once: to change one after the other takes a login more time.
    package init(
        user: String, originalUser: String, service: String, mechanism: String = "", localAddress: String? = nil,
        remoteAddress: String? = nil, localPort: UInt16? = nil, remotePort: UInt16? = nil, sessionID: String? = nil,
        realRemoteAddress: String? = nil, realLocalAddress: String? = nil, realLocalPort: UInt16? = nil,
        realRemotePort: UInt16? = nil, localName: String? = nil, clientID: String? = nil,
        security: Security = .none, hasValidClientCertificate: Bool = false, loginUser: String? = nil,
        masterUser: String? = nil, forwardedFields: [ExtraField] = []
    ) {
        self.user = user
        shared = SharedCircumstances(
            LoginCircumstances(
                originalUser: originalUser, service: service, mechanism: mechanism, localAddress: localAddress,
                remoteAddress: remoteAddress, localPort: localPort, remotePort: remotePort, sessionID: sessionID,
                realRemoteAddress: realRemoteAddress, realLocalAddress: realLocalAddress, realLocalPort: realLocalPort,
                realRemotePort: realRemotePort, localName: localName, clientID: clientID, security: security,
                hasValidClientCertificate: hasValidClientCertificate, loginUser: loginUser, masterUser: masterUser,
                forwardedFields: forwardedFields))
    }

    /// All but the name; who changes more than one thing changes it here, for each change makes a new one.
    package var circumstances: LoginCircumstances {
        get { shared.value }
        set { shared = SharedCircumstances(newValue) }
    }

    /// The name as the mail client gave it.
    public var originalUser: String {
        get { shared.value.originalUser }
        set { circumstances.originalUser = newValue }
    }

    /// `smtp`, `imap`, …
    public var service: String {
        get { shared.value.service }
        set { circumstances.service = newValue }
    }

    /// `PLAIN`, `LOGIN`, … as the client spelled it.
    public var mechanism: String {
        get { shared.value.mechanism }
        set { circumstances.mechanism = newValue }
    }

    /// The address that the mail client connected to, if it is known.
    public var localAddress: String? {
        get { shared.value.localAddress }
        set { circumstances.localAddress = newValue }
    }

    /// The mail client's address, if it is known.
    public var remoteAddress: String? {
        get { shared.value.remoteAddress }
        set { circumstances.remoteAddress = newValue }
    }

    public var localPort: UInt16? {
        get { shared.value.localPort }
        set { circumstances.localPort = newValue }
    }

    public var remotePort: UInt16? {
        get { shared.value.remotePort }
        set { circumstances.remotePort = newValue }
    }

    /// The session's id in the logs.
    public var sessionID: String? {
        get { shared.value.sessionID }
        set { circumstances.sessionID = newValue }
    }

    /// The mail client's address as the first proxy saw it, if it is known and differs.
    public var realRemoteAddress: String? {
        get { shared.value.realRemoteAddress }
        set { circumstances.realRemoteAddress = newValue }
    }

    public var realLocalAddress: String? {
        get { shared.value.realLocalAddress }
        set { circumstances.realLocalAddress = newValue }
    }

    public var realLocalPort: UInt16? {
        get { shared.value.realLocalPort }
        set { circumstances.realLocalPort = newValue }
    }

    public var realRemotePort: UInt16? {
        get { shared.value.realRemotePort }
        set { circumstances.realRemotePort = newValue }
    }

    /// The name that the mail client asked for in TLS.
    public var localName: String? {
        get { shared.value.localName }
        set { circumstances.localName = newValue }
    }

    /// What the mail client says of itself (IMAP ID).
    public var clientID: String? {
        get { shared.value.clientID }
        set { circumstances.clientID = newValue }
    }

    /// How safe the way to the mail client is.
    public var security: Security {
        get { shared.value.security }
        set { circumstances.security = newValue }
    }

    /// The mail server has verified the mail client's certificate.
    public var hasValidClientCertificate: Bool {
        get { shared.value.hasValidClientCertificate }
        set { circumstances.hasValidClientCertificate = newValue }
    }

    /// As whom to log in, if that is somebody else: `user` is a master user then.
    public var loginUser: String? {
        get { shared.value.loginUser }
        set { circumstances.loginUser = newValue }
    }

    /// Who logs in as `user`, once that master user's password was right.
    public var masterUser: String? {
        get { shared.value.masterUser }
        set { circumstances.masterUser = newValue }
    }

    /// What the mail server passes on of its client, for the reply (`forward_fields`).
    public var forwardedFields: [ExtraField] {
        get { shared.value.forwardedFields }
        set { circumstances.forwardedFields = newValue }
    }
}
