internal import Secrets

/// The server's side of PLAIN (RFC 4616): `authzid NUL authcid NUL password` in one message.
public struct PlainServerMechanism: ~Copyable, ServerMechanism {
    /// PLAIN as a server offers it.
    public static let offer = OfferedMechanism(
        name: "PLAIN", properties: .plaintext, needs: .verification, direct: .plain
    ) { _ in PlainServerMechanism() }

    private enum State {
        case begun, awaitingMessage, awaitingVerdict, ended
    }

    private var state = State.begun

    public init() {}

    public mutating func step(_ input: consuming MechanismInput) -> MechanismStep {
        switch consume input {
        case .begin where state == .begun:
            state = .awaitingMessage
            return .challenge([])
        case .beginWith(let message):
            return state == .begun ? read(message) : end(.outOfStep)
        case .response(let message):
            return state == .awaitingMessage ? read(message) : end(.outOfStep)
        case .checked(let isCorrect) where state == .awaitingVerdict:
            state = .ended
            return isCorrect ? .succeed(finalMessage: nil) : .fail(.wrongPassword)
        default:
            return end(.outOfStep)
        }
    }

    private mutating func end(_ failure: MechanismFailure) -> MechanismStep {
        state = .ended
        return .fail(failure)
    }

    private mutating func read(_ message: consuming Secret) -> MechanismStep {
        guard let (identity, passwordStart) = message.withBytes(Self.parse) else { return end(.invalidInput) }
        guard !identity.authenticationID.isEmpty else { return end(.emptyUsername) }
        state = .awaitingVerdict
        // What is left is the password.
        message.removeFirst(passwordStart)
        return .check(identity, password: message)
    }

    /// The two names and where the password begins; exactly two NULs, so the password can't hold one (RFC 4616
    /// section 2).
    private static func parse(_ message: Span<UInt8>) -> (Identity, passwordStart: Int)? {
        var separators: (first: Int, second: Int)?
        var first: Int?
        for index in message.indices where message[index] == 0 {
            if separators != nil { return nil }
            if let first { separators = (first, index) } else { first = index }
        }
        guard let separators,
            let authorizationID = message.name(0..<separators.first),
            let authenticationID = message.name(separators.first + 1..<separators.second)
        else { return nil }
        // chasquid always sends both, equal: no request to act as somebody else.
        return (Identity(authenticationID, actingAs: authorizationID), separators.second + 1)
    }
}
