import SASLMechanisms
import TestSupport
import Testing

@Suite("The contract of every server mechanism")
struct MechanismContractTests {
    @Test("Random inputs end in exactly one verdict, and success only follows a check", arguments: 0..<64)
    func contract(seed: UInt64) {
        for offer in MechanismRegistry.known.mechanisms {
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<50 {
                var exchange = ExchangeUnderTest(offer)
                var verdicts = 0
                var isCheckOpen = false
                var isFirst = true
                for _ in 0..<12 {
                    let input: InputRecord =
                        isFirst
                        ? [.begin, .beginWith].randomElement(using: &generator) ?? .begin
                        : InputRecord.allCases.randomElement(using: &generator) ?? .response
                    isFirst = false
                    let step = exchange.step(input, bytes: generator.message())
                    if case .succeed = step {
                        #expect(isCheckOpen && input == .correct, "\(offer.name), seed \(seed): success unasked")
                    }
                    if case .check = step { isCheckOpen = true } else { isCheckOpen = false }
                    if step.isFinal {
                        verdicts += 1
                        break
                    }
                }
                if verdicts == 1 {
                    for input in InputRecord.allCases {
                        let after = exchange.step(input, bytes: generator.message())
                        #expect(after == .fail(.outOfStep), "\(offer.name), seed \(seed): a step after the end")
                    }
                }
            }
        }
    }

    @Test("Names are found in any case", arguments: ["PLAIN", "plain", "Plain", "LOGIN", "login"])
    func names(name: String) {
        #expect(MechanismRegistry.known[name]?.name == name.uppercased())
    }

    @Test("What isn't a name isn't found", arguments: ["", "PLAI", "PLAINX", "PLAIN ", "P\u{cc}AIN", "[LAIN", "PLA\0N"])
    func strangers(name: String) {
        #expect(MechanismRegistry.known[name] == nil)
    }

    @Test("A registry keeps the order of its names and drops repetitions")
    func order() throws {
        let registry = try MechanismRegistry(names: ["login", "PLAIN", "LOGIN"])
        #expect(registry.mechanisms.map(\.name) == ["LOGIN", "PLAIN"])
    }

    @Test("An unknown name is refused by name")
    func unknown() {
        #expect(throws: UnknownMechanism(name: "KERBEROS_V4")) {
            try MechanismRegistry(names: ["PLAIN", "KERBEROS_V4"])
        }
    }
}

extension SeededGenerator {
    /// Bytes in which NULs, letters and broken UTF-8 are all likely.
    fileprivate mutating func message() -> [UInt8] {
        let alphabet: [UInt8] = [0, 0, 0x61, 0x62, 0x3d, 0x2c, 0xc3, 0xa4, 0xff, 0x0a]
        return (0..<Int.random(in: 0...8, using: &self)).map { _ in alphabet.randomElement(using: &self) ?? 0 }
    }
}
