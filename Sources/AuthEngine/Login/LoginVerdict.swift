public import AuthDatabases
public import DovecotAuthProtocol
public import SASLMechanisms

/// What the password databases, or the validator of tokens, say to a ``LoginCheck``.
public struct LoginVerdict: Sendable {
    public enum Outcome: Hashable, Sendable {
        /// The password or token is right, or the user may log in by what is stored; the name as the databases spell
        /// it.
        case success(user: String)
        /// It is not, or the user may not log in.
        case failure(code: ServerReply.Code?, reason: String?)
        /// It could not be found out; the log lines say why.
        case temporaryFailure
    }

    public var outcome: Outcome
    /// What is stored, if that was the question and there is something.
    public var credential: StoredCredential?
    /// What the databases have for the mail server, whatever the outcome.
    public var fields: [Parameter] = []
    /// What they have for the prefetch userdb; nil if nothing.
    public var userdbFields: [ExtraField]?
    /// Who logs in as ``targetUser``, if a master user's password was right.
    public var masterUser: String?
    /// As whom a master user wants to log in.
    public var targetUser: String?
    /// How long a success is held back (`delay_until`).
    public var heldBackFor: Duration?
    /// Whether a failure is told at once (`nodelay`).
    public var isUndelayed = false
    /// Why a token was refused, if one was.
    public var tokenRefusal: TokenRefusal?
    /// What the log has to know.
    public var log: [LogLine] = []
}

// In an extension, so that the engine has the initialiser that copies nothing.
extension LoginVerdict {
    public init(
        _ outcome: Outcome, credential: StoredCredential? = nil, tokenRefusal: TokenRefusal? = nil,
        log: [LogLine] = []
    ) {
        self.init(outcome: outcome, credential: credential, tokenRefusal: tokenRefusal, log: log)
    }
}
