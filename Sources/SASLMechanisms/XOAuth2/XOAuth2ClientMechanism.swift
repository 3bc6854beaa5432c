public import Secrets

/// The client's side of XOAUTH2, Google's forerunner of OAUTHBEARER.
public struct XOAuth2ClientMechanism: ~Copyable, ClientMechanism {
    public let name = "XOAUTH2"
    private var presentation: TokenPresentation

    /// The JSON that the server sent when it refused the token.
    public var refusal: String? { presentation.refusal }

    /// - Parameters:
    ///   - token: as the provider gave it, without `Bearer`.
    ///   - initialResponse: false to wait for the server's empty challenge.
    public init(user: String, token: borrowing Secret, initialResponse: Bool = true) {
        presentation = TokenPresentation(
            front: Array("user=\(user)".utf8) + [BearerFields.separator], token: token, acknowledgement: [],
            initialResponse: initialResponse)
    }

    public mutating func initialResponse() -> Secret? { presentation.initialResponse() }

    public mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
        try presentation.respond(to: challenge)
    }

    public mutating func finish(serverMessage: [UInt8]?) throws(ClientMechanismFailure) {
        try presentation.finish(serverMessage: serverMessage)
    }
}
