public import Secrets

/// What the engine feeds to a mechanism.
public enum MechanismInput: ~Copyable, Sendable {
    /// The exchange begins without an initial response.
    case begin
    /// The exchange begins with an initial response, possibly of no bytes: not the same as none (RFC 4422
    /// section 4.3.b).
    case beginWith(Secret)
    /// The mail client's answer to the last challenge, possibly of no bytes.
    case response(Secret)
    /// The answer to the last ``MechanismStep/challengeWithChannelBinding(_:type:)``, with what the mail server says of
    /// its TLS connection.
    case responseWithChannelBinding(Secret, bindingData: [UInt8])
    /// The engine knows no objection to the identity of the last ``MechanismStep/claim(_:)``.
    case claimAccepted
    /// The answer to the last ``MechanismStep/check(_:password:)`` or ``MechanismStep/admitAnonymous(trace:)``.
    case checked(isCorrect: Bool)
    /// The answer to the last ``MechanismStep/fetch(_:_:)``: what is stored, or nil if the user is unknown or what is
    /// stored can't be used.
    ///
    /// With nil the mechanism goes on with a decoy and fails at the end, in no way differently from a wrong password.
    /// `user` is the name under which the databases look: all spellings of one name get the same decoy, as they would
    /// get the same record.
    case fetched(StoredCredential?, user: String)
    /// The answer to the last ``MechanismStep/validate(_:)``.
    case validated(TokenVerdict)
}
