/// The server's side of one exchange of a SASL mechanism, without I/O, clock or database.
///
/// The contract, which the engine relies on and property tests check for every mechanism:
/// - the first input is ``MechanismInput/begin`` or ``MechanismInput/beginWith(_:)``, and each later one answers the
///   step before it;
/// - every sequence of inputs ends in exactly one ``MechanismStep/succeed(finalMessage:)`` or
///   ``MechanismStep/fail(_:)``, and nothing comes after it;
/// - success comes only after the engine answered ``MechanismStep/check(_:password:)``,
///   ``MechanismStep/validate(_:)`` or ``MechanismStep/admitAnonymous(trace:)`` with yes, or
///   ``MechanismStep/fetch(_:_:)`` with a credential that the client then proves to know;
/// - no input traps.
public protocol ServerMechanism: ~Copyable, Sendable {
    /// Takes the next input and says what has to happen then.
    mutating func step(_ input: consuming MechanismInput) -> MechanismStep
}
