/// The parameters of an AUTH line, without its initial response.
public struct AuthenticationRequest: Hashable, Sendable {
    public var id: RequestID
    /// As the client spelled it; names are compared without regard to case.
    public var mechanism: String
    /// `service=` (up to 2.3) or `protocol=` (2.4): smtp, imap, …; may be empty, but not absent.
    public var service: String

    /// `lip=`: the address that the mail client connected to.
    public var localAddress: String?
    /// `rip=`: the mail client's address.
    public var remoteAddress: String?
    public var localPort: UInt16?
    public var remotePort: UInt16?
    /// `session=`: the session's id in the logs.
    public var session: String?
    public var flags: Flags = []
    private var kept: FurtherParameters.Kept?

    /// The parameters without a value.
    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `secured`: the transport is safe from listeners. The server trusts the client to enforce it, as Dovecot does.
        public static let secured = Flags(rawValue: 1 << 0)
        /// `secured=tls`: safe because of TLS.
        public static let tls = Flags(rawValue: 1 << 1)
        /// `valid-client-cert`.
        public static let validClientCertificate = Flags(rawValue: 1 << 2)
        /// `no-penalty`: the client does its own throttling.
        public static let noPenalty = Flags(rawValue: 1 << 3)
        /// `final-resp-ok`: the client can take the mechanism's last message inside OK.
        public static let finalResponseOK = Flags(rawValue: 1 << 4)
        /// `nologin`: the client only wants to know who it is; without effect, as in Dovecot.
        public static let noLogin = Flags(rawValue: 1 << 5)
        /// `debug`: debug logging for this request.
        public static let debug = Flags(rawValue: 1 << 6)
    }

    public init(id: RequestID, mechanism: String, service: String) {
        self.id = id
        self.mechanism = mechanism
        self.service = service
    }
}

// What few clients send.
extension AuthenticationRequest {
    private var further: FurtherParameters {
        get { kept?.parameters ?? FurtherParameters() }
        // Requests that say the same are equal.
        set { kept = newValue == FurtherParameters() ? nil : .parameters(newValue) }
    }

    /// `real_rip=` and the like: the same on this side of a proxy; equal to the above if not given.
    public var realLocalAddress: String? {
        get { kept?.parameters.realLocalAddress }
        set { further.realLocalAddress = newValue }
    }

    public var realRemoteAddress: String? {
        get { kept?.parameters.realRemoteAddress }
        set { further.realRemoteAddress = newValue }
    }

    public var realLocalPort: UInt16? {
        get { kept?.parameters.realLocalPort }
        set { further.realLocalPort = newValue }
    }

    public var realRemotePort: UInt16? {
        get { kept?.parameters.realRemotePort }
        set { further.realRemotePort = newValue }
    }

    /// `local_name=`: the name that the client asked for in TLS (SNI).
    public var localName: String? {
        get { kept?.parameters.localName }
        set { further.localName = newValue }
    }

    /// `client_id=`: IMAP ID.
    public var clientID: String? {
        get { kept?.parameters.clientID }
        set { further.clientID = newValue }
    }

    /// `forward_fields=`, still escaped once: a list of its own.
    public var forwardFields: String? {
        get { kept?.parameters.forwardFields }
        set { further.forwardFields = newValue }
    }

    /// `cert_username=`: the name in the client's certificate.
    public var certificateUsername: String? {
        get { kept?.parameters.certificateUsername }
        set { further.certificateUsername = newValue }
    }

    /// `ssl_ja3_hash=`, `ssl_client_cert_fp=`, `ssl_client_cert_pubkey_fp=` (2.4).
    public var tlsFingerprints: [Parameter] {
        get { kept?.parameters.tlsFingerprints ?? [] }
        set { further.tlsFingerprints = newValue }
    }

    /// What a client adds of its own, written before `resp=`; a server drops the names that it doesn't know.
    public var extraParameters: [Parameter] {
        get { kept?.parameters.extraParameters ?? [] }
        set { further.extraParameters = newValue }
    }
}
