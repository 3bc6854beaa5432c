public import Secrets

/// The client's side of EXTERNAL (RFC 4422 appendix A): the certificate speaks for it.
public struct ExternalClientMechanism: ~Copyable, ClientMechanism {
    public let name = "EXTERNAL"
    private let authorizationID: String
    private let sendsInitialResponse: Bool
    private var isSent = false

    /// - Parameters:
    ///   - authorizationID: as whom to act, if not as the certificate's owner.
    ///   - initialResponse: false to wait for the server's empty challenge.
    public init(authorizationID: String? = nil, initialResponse: Bool = true) {
        self.authorizationID = authorizationID ?? ""
        sendsInitialResponse = initialResponse
    }

    public mutating func initialResponse() -> Secret? {
        guard sendsInitialResponse else { return nil }
        isSent = true
        return Secret(copying: Array(authorizationID.utf8).span)
    }

    public mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
        guard !isSent else {
            throw ClientMechanismFailure("the server asks for more than the one message that EXTERNAL has")
        }
        isSent = true
        return Secret(copying: Array(authorizationID.utf8).span)
    }
}
