public import AuthDatabases
internal import DovecotAuthProtocol
public import Secrets

/// A question to the password databases: is this the user's password?
public struct PasswordCheck: ~Copyable, Sendable {
    public let ticket: CheckTicket
    public let query: UserQuery
    public let password: Secret
    /// As whom to act, if that is somebody else: a master login.
    public let authorizationUser: String?
    /// When nobody waits for the answer any more.
    public let deadline: Instant
    /// Whether the client asked for debug logging of this request.
    public let isDebugged: Bool
    let log: LoginLog
}
