public import Secrets

/// A token that a mail client presents instead of a password (RFC 6750).
public struct BearerToken: ~Copyable, Sendable {
    /// Whom the client wants to be.
    public let user: String
    /// The token, as it was sent.
    public let token: Secret
    /// The host that the client says it speaks to (RFC 7628 section 3.1), if it says so.
    public let host: String?
    /// The port that the client says it speaks to, if it says so.
    public let port: UInt16?

    public init(user: String, token: consuming Secret, host: String? = nil, port: UInt16? = nil) {
        self.user = user
        self.token = token
        self.host = host
        self.port = port
    }

    /// The token itself, which outlives the rest.
    public consuming func takeToken() -> Secret { token }
}
