/// Why a mechanism ended an exchange.
public enum MechanismFailure: Error, Hashable, Sendable {
    /// The engine said that the password is wrong.
    case wrongPassword
    /// A message of the mail client breaks the mechanism's grammar.
    case invalidInput
    /// There is no user name in it.
    case emptyUsername
    /// The engine fed what the mechanism had not asked for: a fault of this program, never of the peer.
    case outOfStep

    /// The words of Dovecot's log.
    public var logText: String {
        switch self {
        case .wrongPassword: "Password mismatch"
        case .invalidInput: "invalid input"
        case .emptyUsername: "Empty username"
        case .outOfStep: "BUG: mechanism was driven out of step"
        }
    }
}
