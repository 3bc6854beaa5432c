internal import Secrets

/// The server's side of LOGIN (draft-murchison-sasl-login, never an RFC): the name and the password on request.
public struct LoginServerMechanism: ~Copyable, ServerMechanism {
    /// LOGIN as a server offers it.
    public static let offer = OfferedMechanism(
        name: "LOGIN", properties: .plaintext, needs: .verification, direct: .login
    ) { _ in LoginServerMechanism() }

    private enum State: Equatable {
        case begun, awaitingName
        case awaitingClaim(Identity), awaitingPassword(Identity)
        case awaitingVerdict, ended
    }

    private var state = State.begun

    public init() {}

    // Clients compare these prompts to the letter.
    private static let usernamePrompt = Array("Username:".utf8)
    private static let passwordPrompt = Array("Password:".utf8)

    public mutating func step(_ input: consuming MechanismInput) -> MechanismStep {
        switch consume input {
        case .begin where state == .begun:
            state = .awaitingName
            return .challenge(Self.usernamePrompt)
        case .beginWith(let name):
            guard state == .begun else { return end(.outOfStep) }
            // Dovecot asks for the name again when the initial response is empty.
            guard !name.isEmpty else {
                state = .awaitingName
                return .challenge(Self.usernamePrompt)
            }
            return claim(name)
        case .response(let response):
            switch state {
            case .awaitingName: return claim(response)
            case .awaitingPassword(let identity): return check(identity, consume response)
            default: return end(.outOfStep)
            }
        case .claimAccepted:
            guard case .awaitingClaim(let identity) = state else { return end(.outOfStep) }
            state = .awaitingPassword(identity)
            return .challenge(Self.passwordPrompt)
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

    private mutating func claim(_ message: borrowing Secret) -> MechanismStep {
        // A NUL is refused as Dovecot 2.4 does; 2.3 cuts the name there, so that "bob\0x" is bob.
        guard let name = message.name() else { return end(.invalidInput) }
        guard !name.isEmpty else { return end(.emptyUsername) }
        let identity = Identity(authenticationID: name)
        state = .awaitingClaim(identity)
        return .claim(identity)
    }

    private mutating func check(_ identity: Identity, _ password: consuming Secret) -> MechanismStep {
        let holdsNUL = password.withBytes { bytes in
            for index in bytes.indices where bytes[index] == 0 { return true }
            return false
        }
        guard !holdsNUL else { return end(.invalidInput) }
        state = .awaitingVerdict
        return .check(identity, password: password)
    }
}
