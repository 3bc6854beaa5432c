import PasswordSchemes
import SASLMechanisms
import Secrets
import TestSupport
import Testing

@Suite("The contract of every server mechanism")
struct MechanismContractTests {
    @Test(
        "Random inputs end in exactly one verdict, and success follows only what the engine allowed",
        arguments: 0..<64)
    func contract(seed: UInt64) {
        for offer in MechanismRegistry.known.mechanisms {
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<50 {
                var exchange = ExchangeUnderTest(offer)
                var previous: StepRecord?
                var isFirst = true
                for _ in 0..<12 {
                    let input: InputRecord =
                        isFirst
                        ? [.begin, .beginWith].randomElement(using: &generator) ?? .begin
                        : InputRecord.allCases.randomElement(using: &generator) ?? .response
                    isFirst = false
                    let step = exchange.step(input, bytes: generator.message(for: offer.name))
                    if case .succeed = step {
                        #expect(previous?.isAllowed(by: input) == true, "\(offer.name), seed \(seed): success unasked")
                    }
                    previous = step
                    if step.isFinal { break }
                }
                guard previous?.isFinal == true else { continue }
                for input in InputRecord.allCases {
                    let after = exchange.step(input, bytes: generator.message(for: offer.name))
                    #expect(after == .fail(.outOfStep), "\(offer.name), seed \(seed): a step after the end")
                }
            }
        }
    }

    @Test(
        "Driven as an engine does, every exchange ends within ten steps, whatever the client sends",
        arguments: MechanismRegistry.known.mechanisms.map(\.name))
    func bounded(name: String) throws {
        let offer = try #require(MechanismRegistry.known[name])
        var generator = SeededGenerator(seed: 20)
        for _ in 0..<2_000 {
            var exchange = ExchangeUnderTest(offer)
            let begin = Bool.random(using: &generator) ? InputRecord.begin : .beginWith
            var step = exchange.step(begin, bytes: generator.message(for: name))
            var count = 1
            while !step.isFinal, count < 10 {
                step = exchange.answer(step, client: generator.message(for: name), says: false)
                count += 1
            }
            #expect(step.isFinal, "\(name): still waiting")
            if case .succeed = step { Issue.record("\(name): the engine said no, the mechanism yes") }
        }
    }

    @Test(
        "Exchanges share nothing: two at the same time go on as each of them does alone",
        arguments: MechanismRegistry.known.mechanisms.map(\.name))
    func isolation(name: String) throws {
        let offer = try #require(MechanismRegistry.known[name])
        for seed in 0..<50 as Range<UInt64> {
            func run(_ exchange: inout ExchangeUnderTest, _ generator: inout SeededGenerator) -> StepRecord {
                let input = InputRecord.allCases.randomElement(using: &generator) ?? .response
                return exchange.step(input, bytes: generator.message(for: name))
            }
            var alone: [StepRecord] = []
            var only = ExchangeUnderTest(offer)
            var onlyGenerator = SeededGenerator(seed: seed)
            for _ in 0..<6 { alone.append(run(&only, &onlyGenerator)) }

            var first = ExchangeUnderTest(offer)
            var second = ExchangeUnderTest(offer)
            var firstGenerator = SeededGenerator(seed: seed)
            var secondGenerator = SeededGenerator(seed: seed &+ 1_000)
            for place in 0..<6 {
                _ = run(&second, &secondGenerator)
                let step = run(&first, &firstGenerator)
                #expect(step == alone[place], "\(name), seed \(seed)")
            }
        }
    }
}

extension StepRecord {
    /// Whether `input` is an answer to this step that may be followed by success.
    fileprivate func isAllowed(by input: InputRecord) -> Bool {
        switch self {
        case .check, .admitAnonymous: input == .correct
        case .validate: input == .validToken
        // No random message holds a proof.
        default: false
        }
    }
}
