import SASLMechanisms
import TestSupport

/// Drives one exchange with text messages.
struct ExchangeUnderTest: ~Copyable {
    var mechanism: any ServerMechanism & ~Copyable

    init(_ offer: OfferedMechanism, _ context: ExchangeContext = .forTests) {
        mechanism = offer.makeExchange(context)
    }

    mutating func step(_ input: InputRecord, _ message: String = "") -> StepRecord {
        StepRecord(mechanism.step(input.input(Array(message.utf8))))
    }

    mutating func step(_ input: InputRecord, bytes: [UInt8]) -> StepRecord {
        StepRecord(mechanism.step(input.input(bytes)))
    }
}

extension ExchangeContext {
    /// The same for every test.
    static var forTests: ExchangeContext {
        var generator = SeededGenerator(seed: 4)
        return ExchangeContext(
            randomness: ExchangeRandomness(using: &generator), unixTime: 1_700_000_000, hostName: "mail.example.com",
            decoys: DecoySecret(using: &generator))
    }
}
