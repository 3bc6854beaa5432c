import SASLMechanisms
import TestSupport
import Testing

@Suite("The contract of every client mechanism")
struct ClientContractTests {
    @Test("What a server may not say ends the exchange, and nothing is said or believed after it", arguments: RoundTripTests.names)
    func hostile(name: String) throws {
        for way in HostileServer.ways(name) {
            var client = try HostileServer.client(name, initialResponse: way.takesInitialResponse)
            #expect(client.mechanism.name == name)
            _ = client.initialResponse()
            for challenge in way.challenges {
                #expect(throws: Never.self, "\(name): \(way.what)") { _ = try client.respond(bytes: challenge) }
            }
            #expect(throws: ClientMechanismFailure.self, "\(name): \(way.what)") {
                switch way.lastWord {
                case .challenge(let bytes): _ = try client.respond(bytes: bytes)
                case .success(let bytes): try client.mechanism.finish(serverMessage: bytes)
                }
            }
            guard case .challenge = way.lastWord else { continue }
            // Long ones take their time in a debug build.
            let small = HostileServer.messages.filter { $0.bytes.count < 1_000 }
            for message in small + [(what: "what was due", bytes: way.challenges.first ?? [])] {
                #expect(throws: ClientMechanismFailure.self, "\(name): \(message.what) after \(way.what)") {
                    _ = try client.respond(bytes: message.bytes)
                }
            }
        }
    }

    @Test("Random challenges end every client's patience within three answers", arguments: RoundTripTests.names)
    func random(name: String) throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<300 {
            var client = try RoundTripTests.client(
                name, RoundTripTests.accounts[0], initialResponse: Bool.random(using: &generator))
            _ = client.initialResponse()
            var count = 0
            while count < 10, (try? client.respond(bytes: generator.message(for: name))) != nil { count += 1 }
            #expect(count <= 3)
            // The first refusal is the last word.
            #expect(throws: ClientMechanismFailure.self) { _ = try client.respond(bytes: generator.message(for: name)) }
            if name.hasPrefix("SCRAM") || name == "DIGEST-MD5" {
                #expect(throws: ClientMechanismFailure.self) { try client.finish("v=AAAA") }
            }
        }
    }

    @Test("Clients share nothing: two at the same time go on as each of them does alone", arguments: RoundTripTests.names)
    func isolation(name: String) throws {
        func answer(_ client: inout ClientUnderTest, _ generator: inout SeededGenerator) -> String? {
            try? client.respond(bytes: generator.message(for: name))
        }
        for seed in 0..<50 as Range<UInt64> {
            let initialResponse = seed % 2 == 0
            var only = try RoundTripTests.client(name, RoundTripTests.accounts[0], initialResponse: initialResponse)
            var onlyGenerator = SeededGenerator(seed: seed)
            var alone = [only.initialResponse()]
            for _ in 0..<4 { alone.append(answer(&only, &onlyGenerator)) }

            var first = try RoundTripTests.client(name, RoundTripTests.accounts[0], initialResponse: initialResponse)
            var second = try RoundTripTests.client(name, RoundTripTests.accounts[1], initialResponse: !initialResponse)
            var firstGenerator = SeededGenerator(seed: seed)
            var secondGenerator = SeededGenerator(seed: seed &+ 1_000)
            _ = second.initialResponse()
            var together = [first.initialResponse()]
            for _ in 0..<4 {
                _ = answer(&second, &secondGenerator)
                together.append(answer(&first, &firstGenerator))
            }
            #expect(together == alone, "\(name), seed \(seed)")
        }
    }
}
