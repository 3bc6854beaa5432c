internal import Secrets

/// The server's side of OAUTHBEARER (RFC 7628) and of XOAUTH2, Google's forerunner of it: a message with a token, a
/// verdict, and an error report that the client has to acknowledge before the exchange fails.
///
/// A malformed message is answered by an error report, too, as Dovecot 2.4 does.
public struct BearerServerMechanism: ~Copyable, ServerMechanism {
    /// How client and server put it.
    public enum Dialect: Sendable {
        case oauthBearer, xoauth2
    }

    /// The mechanism of this dialect as a server offers it.
    public static func offer(_ dialect: Dialect) -> OfferedMechanism {
        OfferedMechanism(
            name: dialect == .oauthBearer ? "OAUTHBEARER" : "XOAUTH2", properties: .plaintext, needs: .token
        ) { context in BearerServerMechanism(dialect, hints: context().tokenHints) }
    }

    private enum State {
        case begun, awaitingMessage, awaitingVerdict
        case awaitingAcknowledgement(MechanismFailure)
        case ended
    }

    private var state = State.begun
    private let dialect: Dialect
    private let hints: TokenHints

    public init(_ dialect: Dialect, hints: TokenHints = TokenHints()) {
        self.dialect = dialect
        self.hints = hints
    }

    public mutating func step(_ input: consuming MechanismInput) -> MechanismStep {
        switch consume input {
        case .begin:
            guard case .begun = state else { return end(.outOfStep) }
            state = .awaitingMessage
            return .challenge([])
        case .beginWith(let message):
            guard case .begun = state else { return end(.outOfStep) }
            return validate(message)
        case .response(let message):
            switch state {
            case .awaitingMessage: return validate(message)
            // RFC 7628 section 3.2.3: a single byte 1; others send nothing, or another token, which is too late.
            case .awaitingAcknowledgement(let failure): return end(failure)
            default: return end(.outOfStep)
            }
        case .validated(let verdict):
            guard case .awaitingVerdict = state else { return end(.outOfStep) }
            switch verdict {
            case .valid:
                state = .ended
                return .succeed(finalMessage: nil)
            case .invalid(let refusal):
                return refuse(refusal, .invalidToken)
            }
        default:
            return end(.outOfStep)
        }
    }

    private mutating func end(_ failure: MechanismFailure) -> MechanismStep {
        state = .ended
        return .fail(failure)
    }

    private mutating func validate(_ message: borrowing Secret) -> MechanismStep {
        do throws(BearerMessageError) {
            guard message.count <= MessageLimits.message else { throw .malformed }
            let token = try message.withBytes { (bytes) throws(BearerMessageError) in
                switch dialect {
                case .oauthBearer: try OAuthBearerMessage.read(bytes)
                case .xoauth2: try XOAuth2Message.read(bytes)
                }
            }
            state = .awaitingVerdict
            return .validate(token)
        } catch {
            return refuse(TokenRefusal(error.status), error.failure)
        }
    }

    private mutating func refuse(_ refusal: TokenRefusal, _ failure: MechanismFailure) -> MechanismStep {
        state = .awaitingAcknowledgement(failure)
        var refusal = refusal
        refusal.scope = refusal.scope ?? hints.scope
        refusal.openIDConfiguration = refusal.openIDConfiguration ?? hints.openIDConfiguration
        switch dialect {
        case .oauthBearer: return .challenge(OAuthBearerMessage.report(refusal))
        case .xoauth2: return .challenge(XOAuth2Message.report(refusal))
        }
    }
}
