internal import Secrets

/// The part that OAUTHBEARER and XOAUTH2 have in common: a message with a token, a verdict, and an error report that
/// the client has to acknowledge before the exchange fails.
struct TokenExchange: ~Copyable, Sendable {
    private enum State {
        case begun, awaitingMessage, awaitingVerdict
        case awaitingAcknowledgement(MechanismFailure)
        case ended
    }

    private var state = State.begun
    private let hints: TokenHints
    private let read: @Sendable (Span<UInt8>) throws(BearerMessageError) -> BearerToken
    private let report: @Sendable (TokenRefusal) -> [UInt8]

    init(
        hints: TokenHints,
        read: @escaping @Sendable (Span<UInt8>) throws(BearerMessageError) -> BearerToken,
        report: @escaping @Sendable (TokenRefusal) -> [UInt8]
    ) {
        self.hints = hints
        self.read = read
        self.report = report
    }

    mutating func step(_ input: consuming MechanismInput) -> MechanismStep {
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
            let token = try message.withBytes { (bytes) throws(BearerMessageError) in try read(bytes) }
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
        return .challenge(report(refusal))
    }
}
