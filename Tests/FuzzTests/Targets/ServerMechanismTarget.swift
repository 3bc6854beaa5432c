import SASLMechanisms
import Secrets

/// The contract of `ServerMechanism`, whatever the client sends: a verdict within a few steps, exactly one, never success
/// unless the engine or a proof allowed it, and nothing after the end.
///
/// The first byte chooses how the engine behaves; the lines behind it are the client's messages.
enum ServerMechanismTarget {
    /// No mechanism needs more inputs than this.
    private static let mostSteps = 10

    static func run(_ family: MechanismFamily, _ input: Span<UInt8>) throws(BrokenRule) {
        let (choices, rest) = input.choices
        let name = family.name(Int(choices >> 3) & 7)
        guard let offer = MechanismRegistry.known[name] else { throw BrokenRule("no mechanism \(name)") }
        var engine = ScriptedEngine(choices, messages: rest.lines)
        var mechanism = offer.makeExchange(
            .steady(
                certificateUser: engine.knowsUser ? FuzzAccount.user : nil, offersChannelBinding: choices & 64 != 0))
        var next = engine.beginning(hasInitialResponse: choices & 1 != 0)
        for _ in 0..<mostSteps {
            switch engine.answer(mechanism.step(next)) {
            case .input(let input): next = input
            case .success:
                try demand(engine.hasAllowed, "\(name): a success that nobody allowed")
                return try checkEnd(&mechanism, name)
            case .failure(let failure):
                try demand(engine.isConfused || failure != .outOfStep, "\(name): out of step with a good engine")
                return try checkEnd(&mechanism, name)
            }
        }
        try demand(engine.isConfused, "\(name): still no verdict after \(mostSteps) steps")
    }

    /// Nothing comes after a verdict, whatever is fed.
    private static func checkEnd(
        _ mechanism: inout any ServerMechanism & ~Copyable, _ name: String
    ) throws(BrokenRule) {
        for kind in 0..<ScriptedEngine.inputKinds {
            let step = mechanism.step(ScriptedEngine.input(kind, [0x61]))
            guard case .fail(.outOfStep) = step else { throw BrokenRule("\(name): a step after the end") }
        }
    }
}
