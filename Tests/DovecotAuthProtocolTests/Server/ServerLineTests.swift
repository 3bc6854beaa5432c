import DovecotAuthProtocol
import Testing

@Suite("Reading a server's lines")
struct ServerLineTests {
    private func parse(_ line: String) throws(ServerLine.Fault) -> ServerLine {
        try ServerLine(parsing: line.onWire.span)
    }

    @Test("Lines of Dovecot 2.3.19.1 and of older ones", arguments: [
        ("VERSION⇥1⇥2", .version(ProtocolVersion(major: 1, minor: 2))),
        ("MECH⇥PLAIN⇥plaintext", .mechanism(.init(name: "PLAIN", flags: .plaintext))),
        ("MECH⇥EXTERNAL", .mechanism(.init(name: "EXTERNAL", flags: []))),
        ("SPID⇥13253", .serverProcessID(13253)), ("CUID⇥1", .connectionID(1)),
        ("COOKIE⇥586f2aeed59398923ec3cc4adebb4fd7", .cookie("586f2aeed59398923ec3cc4adebb4fd7")),
        ("DONE", .done), ("DONE\r", .done), ("CANCELLED⇥1", .reply(.cancelled(1))), ("", .unknown("")),
        ("CONT⇥1⇥", .reply(.challenge(1, []))),
        ("CONT⇥1⇥UGFzc3dvcmQ6", .reply(.challenge(1, Array("Password:".utf8)))),
        // 2.4
        (
            "CONT⇥1⇥eA==⇥channel_binding=tls-exporter",
            .reply(.bindingChallenge(1, Array("x".utf8), type: "tls-exporter"))
        ),
        ("CONT⇥1⇥eA==⇥news=1", .reply(.challenge(1, Array("x".utf8)))),
        ("OK⇥1⇥user=alice", .reply(.success(1, user: "alice", fields: []))),
        // 2.3 leaves empty parameters where it hides a field.
        ("OK⇥8⇥user=ef6⇥", .reply(.success(8, user: "ef6", fields: []))),
        ("OK⇥1⇥user=x⇥⇥original_user=y", .reply(.success(1, user: "x", fields: [Parameter("original_user", "y")]))),
        ("OK⇥1⇥nologin⇥user=x", .reply(.success(1, user: "x", fields: [Parameter("nologin")]))),
        ("OK⇥1⇥user=a␁tb⇥k=v=w", .reply(.success(1, user: "a\tb", fields: [Parameter("k", "v=w")]))),
        ("FAIL⇥1", .reply(.failure(1, .init()))),
        ("FAIL⇥1⇥user=alice", .reply(.failure(1, .init(user: "alice")))),
        ("FAIL⇥1⇥user=⇥original_user=", .reply(.failure(1, .init(fields: [Parameter("original_user")])))),
        ("FAIL⇥1⇥user=u⇥code=temp_fail", .reply(.failure(1, .init(user: "u", code: .temporaryFailure)))),
        ("FAIL⇥1⇥code=weird⇥reason=x", .reply(.failure(1, .init(code: .init(rawValue: "weird"), reason: "x")))),
        ("FAIL⇥1⇥shade=␁", .reply(.failure(1, .init(fields: [Parameter("shade")])))),
        // Dovecot up to 2.2
        ("FAIL⇥1⇥temp", .reply(.failure(1, .init(code: .temporaryFailure)))),
        ("FAIL⇥1⇥user=u⇥authz", .reply(.failure(1, .init(user: "u", code: .authorizationFailure)))),
    ] as [(String, ServerLine)])
    func reads(_ line: String, _ expected: ServerLine) throws {
        #expect(try parse(line) == expected)
    }

    @Test("Broken lines", arguments: [
        "VERSION", "VERSION⇥1", "VERSION⇥x⇥2", "MECH", "MECH⇥", "SPID", "SPID⇥x", "CUID⇥", "COOKIE", "COOKIE⇥", "CONT",
        "CONT⇥1", "CONT⇥x⇥", "CONT⇥1⇥*", "OK", "OK⇥x⇥user=a", "FAIL", "FAIL⇥", "FAIL⇥-1", "CANCELLED", "CANCELLED⇥x",
    ])
    func broken(_ line: String) {
        let word = String(line.prefix { $0 != "⇥" })
        #expect(throws: ServerLine.Fault.brokenLine(word)) { try parse(line) }
    }

    // A lone ␁ stands for nothing: found by Fuzz, which saw a value turn into a flag when it was written again.
    @Test(
        "An OK that names nobody is a fault of its own",
        arguments: ["OK⇥4", "OK⇥4⇥user=", "OK⇥4⇥user", "OK⇥4⇥User=x", "OK⇥4⇥user=␁"])
    func nameless(_ line: String) {
        #expect(throws: ServerLine.Fault.missingUser(4)) { try parse(line) }
    }

    @Test("What a server writes, a client reads", arguments: SeededGenerator.seeds)
    func roundTrip(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        func text(_ letters: [Character] = ["a", "=", "\t", "\n", "\u{1}", "ä", "\0"]) -> String {
            String((0..<Int.random(in: 1...9, using: &generator)).map { _ in
                letters[Int.random(in: letters.indices, using: &generator)]
            })
        }
        for _ in 0..<300 {
            let id = RequestID(.random(in: 1 ... .max, using: &generator))
            let fields = (0..<Int.random(in: 0...5, using: &generator)).map { index in
                Parameter("field\(index)", Bool.random(using: &generator) ? text() : nil)
            }
            let replies: [ServerReply] = [
                .challenge(id, generator.bytes(upTo: 50)),
                .bindingChallenge(id, generator.bytes(upTo: 50), type: text()), .cancelled(id), .success(id, user: text(), fields: fields),
                .failure(id, .init(user: text(), code: .userDisabled, reason: text(["a", " ", "="]), fields: fields)),
                .failure(id, .init(fields: fields)),
            ]
            for reply in replies {
                var bytes: [UInt8] = []
                #expect(reply.encode(into: &bytes).isEmpty, "seed \(seed)")
                #expect(bytes.removeLast() == UInt8(ascii: "\n"), "seed \(seed)")
                #expect(!bytes.contains(UInt8(ascii: "\n")), "seed \(seed)")
                let line = try ServerLine(parsing: bytes.span)
                #expect(line == .reply(reply), "seed \(seed)")
            }
        }
    }
}
