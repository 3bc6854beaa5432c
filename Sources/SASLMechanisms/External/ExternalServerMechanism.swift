internal import Secrets

/// The server's side of EXTERNAL (RFC 4422 appendix A): the mail server vouches for a client certificate.
///
/// As in Dovecot, the name is the certificate's, the message is the authzid, and the empty password is checked: only an
/// entry that needs no password (`nopassword`) lets the user in.
public struct ExternalServerMechanism: ~Copyable, ServerMechanism {
    /// EXTERNAL as a server offers it.
    public static let offer = OfferedMechanism(
        name: "EXTERNAL", properties: [], needs: .certificate
    ) { context in ExternalServerMechanism(certificateUser: context().certificateUser) }

    private enum State {
        case begun, awaitingMessage, awaitingVerdict, ended
    }

    private var state = State.begun
    private let certificateUser: String?

    /// - Parameter certificateUser: the name in the certificate that the mail server verified; nil fails.
    public init(certificateUser: String?) {
        self.certificateUser = certificateUser
    }

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

    private mutating func read(_ message: borrowing Secret) -> MechanismStep {
        guard let authorizationID = message.name() else { return end(.invalidInput) }
        guard let user = certificateUser, !user.isEmpty else { return end(.unknownCertificateUser) }
        state = .awaitingVerdict
        return .check(Identity(user, actingAs: authorizationID), password: Secret(copying: Span()))
    }
}
