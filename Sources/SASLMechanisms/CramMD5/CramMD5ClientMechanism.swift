internal import PasswordSchemes
public import Secrets

/// The client's side of CRAM-MD5 (RFC 2195).
///
/// Name and password are taken as they are: RFC 2195 prepares neither, nor does Dovecot.
public struct CramMD5ClientMechanism: ~Copyable, ClientMechanism {
    public let name = "CRAM-MD5"
    private let user: String
    private var context: CramMD5Context?

    public init(user: String, password: borrowing Secret) {
        self.user = user
        context = CramMD5Context(password: password)
    }

    public mutating func initialResponse() -> Secret? { nil }

    public mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
        guard let context = context.take() else {
            throw ClientMechanismFailure("the server asks for more than the one response that CRAM-MD5 has")
        }
        guard !challenge.isEmpty else { throw ClientMechanismFailure("the server's challenge is empty") }
        return Secret(copying: (Array(user.utf8) + [UInt8(ascii: " ")] + context.response(to: challenge)).span)
    }
}
