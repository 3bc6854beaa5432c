/// What a mechanism may know of the world when its exchange begins; it draws nothing and asks nobody.
public struct ExchangeContext: Sendable {
    /// For nonces; used up by one exchange.
    public var randomness: ExchangeRandomness
    /// Seconds since 1970, which CRAM-MD5 puts into its challenge.
    public var unixTime: Int64
    /// This server's name, which CRAM-MD5 puts into its challenge.
    public var hostName: String
    /// The realms that DIGEST-MD5 offers; none is the same as one without a name.
    public var realms: [String]
    /// From which users that don't exist get what looks like credentials.
    public var decoys: DecoySecret
    /// The name in the client's certificate (`cert_username`), if the mail server verified one.
    public var certificateUser: String?
    /// Whether a SCRAM mechanism with channel binding is offered to this client.
    ///
    /// A client that could bind, and thinks that the server can't, was lied to then (RFC 5802 section 6).
    public var offersChannelBinding: Bool
    /// What OAUTHBEARER and XOAUTH2 tell a client whose token is refused.
    public var tokenHints: TokenHints

    public init(
        randomness: ExchangeRandomness, unixTime: Int64, hostName: String, realms: [String] = [],
        decoys: DecoySecret, certificateUser: String? = nil, offersChannelBinding: Bool = false,
        tokenHints: TokenHints = TokenHints()
    ) {
        self.randomness = randomness
        self.unixTime = unixTime
        self.hostName = hostName
        self.realms = realms
        self.decoys = decoys
        self.certificateUser = certificateUser
        self.offersChannelBinding = offersChannelBinding
        self.tokenHints = tokenHints
    }
}
