public import Secrets

/// What a mechanism wants next; it asks, and never calls.
public enum MechanismStep: ~Copyable, Sendable {
    /// Send this to the mail client, possibly of no bytes, and feed back its response.
    case challenge([UInt8])
    /// Is this name one that may log in at all? Feed back ``MechanismInput/claimAccepted``, or end the exchange.
    case claim(Identity)
    /// Is this the password? Feed back ``MechanismInput/checked(isCorrect:)``.
    case check(Identity, password: Secret)
    /// The login succeeded.
    case succeed
    /// The login failed.
    case fail(MechanismFailure)
}
