public import Secrets

/// The client's side of LOGIN: the name, then the password, whatever the server's two prompts say.
public struct LoginClientMechanism: ~Copyable, ClientMechanism {
    private enum Next { case user, password, nothing }

    public let name = "LOGIN"
    private let user: String
    private var password: Secret?
    private var next = Next.user
    private let sendsInitialResponse: Bool

    /// - Parameter initialResponse: true to send the name with the first message, which not all servers take.
    public init(user: String, password: consuming Secret, initialResponse: Bool = false) {
        self.user = user
        self.password = consume password
        sendsInitialResponse = initialResponse
    }

    public mutating func initialResponse() -> Secret? {
        guard sendsInitialResponse else { return nil }
        next = .password
        return Secret(copying: Array(user.utf8).span)
    }

    public mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
        switch next {
        case .user:
            next = .password
            return Secret(copying: Array(user.utf8).span)
        case .password:
            next = .nothing
            if let password = password.take() { return password }
        case .nothing: break
        }
        throw ClientMechanismFailure("the server asks for more than the name and the password that LOGIN has")
    }
}
