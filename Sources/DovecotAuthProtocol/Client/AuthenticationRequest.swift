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
    /// `real_rip=` and the like: the same on this side of a proxy; equal to the above if not given.
    public var realLocalAddress: String?
    public var realRemoteAddress: String?
    public var realLocalPort: UInt16?
    public var realRemotePort: UInt16?
    /// `local_name=`: the name that the client asked for in TLS (SNI).
    public var localName: String?
    /// `session=`: the session's id in the logs.
    public var session: String?
    /// `client_id=`: IMAP ID.
    public var clientID: String?
    /// `forward_fields=`, still escaped once: a list of its own.
    public var forwardFields: String?
    /// `cert_username=`: the name in the client's certificate.
    public var certificateUsername: String?
    /// `ssl_ja3_hash=`, `ssl_client_cert_fp=`, `ssl_client_cert_pubkey_fp=` (2.4).
    public var tlsFingerprints: [Parameter] = []
    /// What a client adds of its own, written before `resp=`; a server drops the names that it doesn't know.
    public var extraParameters: [Parameter] = []

    public var flags: Flags = []

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
