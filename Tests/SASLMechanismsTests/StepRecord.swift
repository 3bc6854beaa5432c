import SASLMechanisms
import Secrets

/// A step as a value that can be compared: the machine's own steps hold secrets and can't be copied.
enum StepRecord: Equatable {
    case challenge(String)
    case claim(Identity)
    case check(Identity, password: String)
    case succeed
    case fail(MechanismFailure)

    var isFinal: Bool {
        switch self {
        case .succeed, .fail: true
        case .challenge, .claim, .check: false
        }
    }

    init(_ step: consuming MechanismStep) {
        switch consume step {
        case .challenge(let message): self = .challenge(String(decoding: message, as: UTF8.self))
        case .claim(let identity): self = .claim(identity)
        case .check(let identity, let password): self = .check(identity, password: password.testText)
        case .succeed: self = .succeed
        case .fail(let failure): self = .fail(failure)
        }
    }
}

/// An input as a value, for tables.
enum InputRecord: Sendable, CaseIterable {
    case begin, beginWith, response, claimAccepted, correct, incorrect

    func input(_ message: [UInt8]) -> MechanismInput {
        switch self {
        case .begin: .begin
        case .beginWith: .beginWith(Secret(copying: message.span))
        case .response: .response(Secret(copying: message.span))
        case .claimAccepted: .claimAccepted
        case .correct: .checked(isCorrect: true)
        case .incorrect: .checked(isCorrect: false)
        }
    }
}

extension Secret {
    /// Test passwords are no secrets.
    var testText: String {
        withBytes { bytes in
            var text: [UInt8] = []
            for index in bytes.indices { text.append(bytes[index]) }
            return String(decoding: text, as: UTF8.self)
        }
    }
}

/// Drives one exchange with text messages.
struct ExchangeUnderTest: ~Copyable {
    var mechanism: any ServerMechanism & ~Copyable

    init(_ offer: OfferedMechanism) { mechanism = offer.makeExchange() }

    mutating func step(_ input: InputRecord, _ message: String = "") -> StepRecord {
        StepRecord(mechanism.step(input.input(Array(message.utf8))))
    }

    mutating func step(_ input: InputRecord, bytes: [UInt8]) -> StepRecord {
        StepRecord(mechanism.step(input.input(bytes)))
    }
}
