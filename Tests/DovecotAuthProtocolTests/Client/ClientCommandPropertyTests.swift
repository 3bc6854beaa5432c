import DovecotAuthProtocol
import Secrets
import Testing

@Suite("Client commands, at random")
struct ClientCommandPropertyTests {
    private func randomText(_ generator: inout SeededGenerator) -> String {
        let letters: [Character] = ["a", "Z", "0", "=", "\t", "\n", "\r", "\u{1}", "\0", "ä", "€", " ", "@"]
        return String((0..<Int.random(in: 1...12, using: &generator)).map { _ in
            letters[Int.random(in: letters.indices, using: &generator)]
        })
    }

    private func randomRequest(_ generator: inout SeededGenerator) -> AuthenticationRequest {
        var request = AuthenticationRequest(
            id: RequestID(.random(in: 1 ... .max, using: &generator)), mechanism: "PLAIN",
            service: randomText(&generator))
        let flags: [AuthenticationRequest.Flags] = [
            .secured, [.secured, .tls], .validClientCertificate, .noPenalty, .finalResponseOK, .noLogin, .debug,
        ]
        for flag in flags where Bool.random(using: &generator) { request.flags.formUnion(flag) }
        func maybe<Value>(_ value: Value, _ generator: inout SeededGenerator) -> Value? {
            Bool.random(using: &generator) ? value : nil
        }
        request.localAddress = maybe("192.0.2.1", &generator)
        request.remoteAddress = maybe("2001:db8::\(UInt16.random(in: 0...9999, using: &generator))", &generator)
        request.localPort = maybe(.random(in: 0 ... .max, using: &generator), &generator)
        request.remotePort = maybe(.random(in: 0 ... .max, using: &generator), &generator)
        request.realLocalAddress = maybe("::1", &generator)
        request.realRemoteAddress = maybe("10.0.0.1", &generator)
        request.realLocalPort = maybe(.random(in: 0 ... .max, using: &generator), &generator)
        request.realRemotePort = maybe(.random(in: 0 ... .max, using: &generator), &generator)
        request.localName = maybe(randomText(&generator), &generator)
        request.session = maybe(randomText(&generator), &generator)
        request.clientID = maybe(randomText(&generator), &generator)
        request.forwardFields = maybe(randomText(&generator), &generator)
        request.certificateUsername = maybe(randomText(&generator), &generator)
        if Bool.random(using: &generator) {
            request.tlsFingerprints = [Parameter("ssl_client_cert_fp", randomText(&generator))]
        }
        return request
    }

    @Test("What a client writes, a server reads", arguments: SeededGenerator.seeds)
    func roundTrip(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let request = randomRequest(&generator)
            let given = Bool.random(using: &generator) ? "\0\(randomText(&generator))\0x" : nil
            let secret = given.map { Secret(copying: Array($0.utf8).span) }
            var line: [UInt8] = []
            ClientCommandEncoder.authenticate(request, initialResponse: secret, into: &line)
            #expect(line.last == UInt8(ascii: "\n"), "seed \(seed)")
            #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1, "seed \(seed)")
            let parsed = ParsedCommand(bytes: line.dropLast(), minor: 2)
            let response = given.map { ParsedCommand.Response.given($0) } ?? .absent
            #expect(parsed == .authenticate(request, response), "seed \(seed)")
        }
    }

    @Test("Random bytes never trap", arguments: SeededGenerator.seeds)
    func neverTraps(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let words = [
            "AUTH", "CONT", "CANCEL", "VERSION", "CPID", "⇥", "⇥", "⇥1", "⇥PLAIN", "⇥service=smtp", "⇥resp=", "=", "␁",
            "⇥rip=", "⇥lport=", "99999999999999999999999", "\r", "Zm9v", "⇥secured=tls", "\u{fffd}", "⇥session=",
        ].map(\.onWire)
        for _ in 0..<3000 {
            var line: [UInt8] = []
            for _ in 0..<Int.random(in: 0...8, using: &generator) {
                if Int.random(in: 0..<5, using: &generator) == 0 {
                    line += generator.bytes(upTo: 6)
                } else {
                    line += words[Int.random(in: words.indices, using: &generator)]
                }
            }
            let minor = UInt32.random(in: 0...4, using: &generator)
            // An id that was read is never 0: nothing else is promised for nonsense.
            switch ParsedCommand(bytes: line, minor: minor) {
            case .authenticate(let request, _): #expect(request.id.number > 0, "seed \(seed)")
            case .proceed(let id, _, _), .cancel(let id), .refused(let id, _): #expect(id.number > 0, "seed \(seed)")
            case .version, .processID, .unreadable: break
            }
            _ = try? ServerLine(parsing: line.span)
        }
    }
}
