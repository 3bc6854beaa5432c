import SASLMechanisms
import Secrets
import TestSupport

/// Drives one exchange with text messages.
struct ExchangeUnderTest: ~Copyable {
    var mechanism: any ServerMechanism & ~Copyable

    init(_ offer: OfferedMechanism, _ context: ExchangeContext = .forTests) {
        mechanism = offer.makeExchange(context)
    }

    init(_ mechanism: consuming any ServerMechanism & ~Copyable) {
        self.mechanism = mechanism
    }

    mutating func step(_ input: InputRecord, _ message: String = "") -> StepRecord {
        StepRecord(mechanism.step(input.input(Array(message.utf8))))
    }

    mutating func step(_ input: InputRecord, bytes: [UInt8]) -> StepRecord {
        StepRecord(mechanism.step(input.input(bytes)))
    }

    mutating func respond(_ message: String, binding: [UInt8]) -> StepRecord {
        let secret = Secret(copying: Array(message.utf8).span)
        return StepRecord(mechanism.step(.responseWithChannelBinding(secret, bindingData: binding)))
    }

    mutating func fetched(_ credential: StoredCredential?, user: String = "alice") -> StepRecord {
        StepRecord(mechanism.step(.fetched(credential, user: user)))
    }

    mutating func validated(_ verdict: TokenVerdict) -> StepRecord {
        StepRecord(mechanism.step(.validated(verdict)))
    }

    /// Answers `step` as an engine does whose databases always, or never, agree.
    mutating func answer(_ step: StepRecord, client message: [UInt8], says isAllowed: Bool) -> StepRecord {
        switch step {
        case .challenge: self.step(.response, bytes: message)
        case .challengeWithChannelBinding: self.step(.boundResponse, bytes: message)
        case .claim: self.step(.claimAccepted)
        case .check, .admitAnonymous: self.step(isAllowed ? .correct : .incorrect)
        case .fetch: self.step(.unknown)
        case .validate: self.step(isAllowed ? .validToken : .invalidToken)
        case .succeed, .fail: step
        }
    }
}

extension ExchangeContext {
    /// The same for every test.
    static var forTests: ExchangeContext {
        var generator = SeededGenerator(seed: 4)
        return ExchangeContext(
            randomness: ExchangeRandomness(using: &generator), unixTime: 1_700_000_000, hostName: "mail.example.com",
            decoys: .forTests)
    }
}

extension DecoySecret {
    static let forTests: DecoySecret = {
        var generator = SeededGenerator(seed: 5)
        return DecoySecret(using: &generator)
    }()
}
