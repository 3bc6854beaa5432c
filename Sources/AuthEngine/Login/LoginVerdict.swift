public import DovecotAuthProtocol
public import SASLMechanisms

/// What the password databases, or the validator of tokens, say to a ``LoginCheck``.
public struct LoginVerdict: Sendable {
    public enum Outcome: Hashable, Sendable {
        /// The password or token is right, or the user may log in by what is stored; the name as the databases spell
        /// it, and the fields for the reply.
        case success(user: String, fields: [Parameter])
        /// It is not, or the user may not log in.
        case failure(code: ServerReply.Code?, reason: String?)
        /// It could not be found out; the log lines say why.
        case temporaryFailure
    }

    public var outcome: Outcome
    /// What is stored, if that was the question and there is something.
    public var credential: StoredCredential?
    /// Why a token was refused, if one was.
    public var tokenRefusal: TokenRefusal?
    /// What the log has to know.
    public var log: [LogLine]

    public init(
        _ outcome: Outcome, credential: StoredCredential? = nil, tokenRefusal: TokenRefusal? = nil,
        log: [LogLine] = []
    ) {
        self.outcome = outcome
        self.credential = credential
        self.tokenRefusal = tokenRefusal
        self.log = log
    }
}
