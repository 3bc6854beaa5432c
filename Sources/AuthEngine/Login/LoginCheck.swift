public import AuthDatabases
internal import DovecotAuthProtocol
internal import PasswordSchemes
public import SASLMechanisms
public import Secrets

/// A question of a mechanism to the password databases or to the validator of tokens.
public struct LoginCheck: ~Copyable, Sendable {
    /// What is asked about the user of the query.
    public enum Subject: ~Copyable, Sendable {
        /// Is this the password?
        case password(Secret)
        /// What is stored, in the form that a challenge-response mechanism needs?
        case credential(CredentialKind)
        /// Is this token good?
        case token(SharedSecret)
    }

    public let ticket: CheckTicket
    public let query: UserQuery
    public let subject: Subject
    /// When nobody waits for the answer any more.
    public let deadline: Instant
    /// Whether the client asked for debug logging of this request.
    public let isDebugged: Bool
    let log: LoginLog

    /// What the databases are needed for.
    var purpose: ChainPurpose {
        switch subject {
        case .password: .verification
        case .credential: .credentials
        case .token: .verification
        }
    }

    /// What is to be made of a stored password, if that is the question.
    var credentialKind: CredentialKind? {
        switch subject {
        case .credential(let kind): kind
        case .password: nil
        case .token: nil
        }
    }

    /// The token, if that is the question.
    var token: SharedSecret? {
        switch subject {
        case .token(let token): token
        case .password: nil
        case .credential: nil
        }
    }

    /// Whether the password is the stored one, if that is the question; only for cheap schemes.
    func isCorrect(_ stored: StoredPassword) throws(PasswordSchemeError) -> Bool {
        switch subject {
        case .password(let password): try stored.verifyCheaply(password, user: query.originalUser)
        case .credential: false
        case .token: false
        }
    }

    /// Whether the password is the stored one, if that is the question.
    func isCorrect(
        _ stored: StoredPassword, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Bool {
        switch subject {
        case .password(let password):
            try stored.verify(password, user: query.originalUser, using: &workspace)
        case .credential: false
        case .token: false
        }
    }

    /// The password for the log, as far as the admin wants it there.
    func givenPassword(_ logging: PasswordLogging) -> String {
        switch subject {
        case .password(let password): logging.text(password)
        case .credential: ""
        case .token: ""
        }
    }

    /// Whether the password has bytes that Dovecot's workers can't be told of, so that it never was a valid one.
    var holdsIllegalPassword: Bool {
        switch subject {
        case .password(let password): password.withBytes(Self.holdsIllegalByte)
        case .credential: false
        case .token: false
        }
    }

    private static func holdsIllegalByte(_ password: Span<UInt8>) -> Bool {
        for index in password.indices {
            switch password[index] {
            case 0x01, UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): return true
            default: continue
            }
        }
        return false
    }
}
