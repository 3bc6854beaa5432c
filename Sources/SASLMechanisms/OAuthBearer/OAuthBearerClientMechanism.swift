public import Secrets

/// The client's side of OAUTHBEARER (RFC 7628).
public struct OAuthBearerClientMechanism: ~Copyable, ClientMechanism {
    public let name = "OAUTHBEARER"
    private var presentation: TokenPresentation

    /// The JSON that the server sent when it refused the token (RFC 7628 section 3.2.2).
    public var refusal: String? { presentation.refusal }

    /// - Parameters:
    ///   - token: as the provider gave it, without `Bearer`.
    ///   - host: the server's name, as the client knows it.
    ///   - initialResponse: false to wait for the server's empty challenge.
    public init(
        user: String, token: borrowing Secret, host: String? = nil, port: UInt16? = nil, initialResponse: Bool = true
    ) {
        var front = Array("n,a=".utf8) + SASLName.encode(user) + [UInt8(ascii: ","), BearerFields.separator]
        if let host { front += Array("host=\(host)".utf8) + [BearerFields.separator] }
        if let port { front += Array("port=\(port)".utf8) + [BearerFields.separator] }
        presentation = TokenPresentation(
            front: front, token: token, acknowledgement: [BearerFields.separator], initialResponse: initialResponse)
    }

    public mutating func initialResponse() -> Secret? { presentation.initialResponse() }

    public mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
        try presentation.respond(to: challenge)
    }

    public mutating func finish(serverMessage: [UInt8]?) throws(ClientMechanismFailure) {
        try presentation.finish(serverMessage: serverMessage)
    }
}
