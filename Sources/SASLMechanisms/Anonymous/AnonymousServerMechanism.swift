internal import Secrets

/// The server's side of ANONYMOUS (RFC 4505): a trace for the log, and nothing more.
public struct AnonymousServerMechanism: ~Copyable, ServerMechanism {
    /// ANONYMOUS as a server offers it.
    public static let offer = OfferedMechanism(
        name: "ANONYMOUS", properties: .anonymous, needs: .nothing
    ) { _ in AnonymousServerMechanism() }

    private enum State {
        case begun, awaitingTrace, awaitingVerdict, ended
    }

    private var state = State.begun

    public init() {}

    /// RFC 4505 section 2 allows no more.
    private static let longestTrace = 255

    public mutating func step(_ input: consuming MechanismInput) -> MechanismStep {
        switch consume input {
        case .begin where state == .begun:
            state = .awaitingTrace
            return .challenge([])
        case .beginWith(let message):
            return state == .begun ? admit(message) : end(.outOfStep)
        case .response(let message):
            return state == .awaitingTrace ? admit(message) : end(.outOfStep)
        case .checked(let isAdmitted) where state == .awaitingVerdict:
            state = .ended
            return isAdmitted ? .succeed(finalMessage: nil) : .fail(.anonymousRefused)
        default:
            return end(.outOfStep)
        }
    }

    private mutating func end(_ failure: MechanismFailure) -> MechanismStep {
        state = .ended
        return .fail(failure)
    }

    /// Any trace will do, as in Dovecot, but only so much of it is handed on.
    private mutating func admit(_ message: borrowing Secret) -> MechanismStep {
        let front = message.withBytes { bytes in
            // Four bytes a character at most.
            (0..<min(bytes.count, 4 * Self.longestTrace)).map { bytes[$0] }
        }
        let scalars = String(decoding: front, as: UTF8.self).unicodeScalars.prefix(Self.longestTrace)
        state = .awaitingVerdict
        return .admitAnonymous(trace: String(String.UnicodeScalarView(scalars)))
    }
}
