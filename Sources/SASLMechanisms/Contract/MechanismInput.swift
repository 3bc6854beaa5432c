public import Secrets

/// What the engine feeds to a mechanism.
public enum MechanismInput: ~Copyable, Sendable {
    /// The exchange begins without an initial response.
    case begin
    /// The exchange begins with an initial response, possibly of no bytes: not the same as none (RFC 4422 section 4.3.b).
    case beginWith(Secret)
    /// The mail client's answer to the last challenge, possibly of no bytes.
    case response(Secret)
    /// The engine knows no objection to the identity of the last ``MechanismStep/claim(_:)``.
    case claimAccepted
    /// The answer to the last ``MechanismStep/check(_:password:)``.
    case checked(isCorrect: Bool)
}
