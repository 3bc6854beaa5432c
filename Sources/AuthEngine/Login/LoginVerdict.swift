public import DovecotAuthProtocol

/// What the password databases say to a ``PasswordCheck``.
public struct LoginVerdict: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
        /// The password is right; the user's name as the databases spell it, and the fields for the reply.
        case success(user: String, fields: [Parameter])
        /// It is not, or the user may not log in.
        case failure(code: ServerReply.Code?, reason: String?)
        /// It could not be found out; the log lines say why.
        case temporaryFailure
    }

    public var outcome: Outcome
    /// What the log has to know.
    public var log: [LogLine]

    public init(_ outcome: Outcome, log: [LogLine] = []) {
        self.outcome = outcome
        self.log = log
    }
}
