import DovecotAuthProtocol
import Testing

/// The rules at the head of `clients.md`, as far as one reply shows them.
@Suite("Writing replies")
struct ServerReplyEncodingTests {
    private func encoded(_ reply: ServerReply) -> String {
        var bytes: [UInt8] = []
        reply.encode(into: &bytes)
        return String(wire: bytes)
    }

    // Each as Dovecot 2.3.19.1 answered.
    @Test("Replies look as Dovecot's", arguments: [
        (.success(1, user: "alice", fields: []), "OK⇥1⇥user=alice\n"),
        (
            .success(1, user: "carol", fields: [Parameter("nologin"), Parameter("shade", "blue")]),
            "OK⇥1⇥user=carol⇥nologin⇥shade=blue\n"
        ),
        (.failure(1, .init(user: "alice")), "FAIL⇥1⇥user=alice\n"),
        (.failure(1, .init()), "FAIL⇥1\n"),
        (
            .failure(1, .init(code: .invalidBase64, reason: "Invalid base64 data in initial response")),
            "FAIL⇥1⇥code=invalid_base64⇥reason=Invalid base64 data in initial response\n"
        ),
        (.challenge(1, Array("Password:".utf8)), "CONT⇥1⇥UGFzc3dvcmQ6\n"),
        (.challenge(4_294_967_295, []), "CONT⇥4294967295⇥\n"),
        (.bindingChallenge(7, Array("x".utf8), type: "tls-exporter"), "CONT⇥7⇥eA==⇥channel_binding=tls-exporter\n"),
        (.cancelled(10), "CANCELLED⇥10\n"),
    ] as [(ServerReply, String)])
    func asDovecot(_ reply: ServerReply, _ line: String) {
        #expect(encoded(reply) == line)
    }

    @Test("Rule 10: ids have no leading zeros", arguments: [1, 9, 10, 99, 100, 1_000_000_000, .max] as [UInt32])
    func plainIDs(_ number: UInt32) {
        #expect(encoded(.challenge(RequestID(number), [])) == "CONT⇥\(number)⇥\n")
        #expect(encoded(.failure(RequestID(number), .init())) == "FAIL⇥\(number)\n")
    }

    @Test("Rule 11: an empty challenge keeps its TAB")
    func emptyChallenge() {
        #expect(encoded(.challenge(3, [])) == "CONT⇥3⇥\n")
    }

    @Test("Rule 12: user= is the first parameter of OK")
    func userFirst() {
        let fields = [Parameter("nologin"), Parameter("original_user", "x")]
        #expect(encoded(.success(1, user: "u", fields: fields)).hasPrefix("OK⇥1⇥user=u⇥"))
    }

    @Test("Rule 12: at most 14 parameters follow the id, and what was left out is named")
    func parameterLimit() {
        let fields = (1...20).map { Parameter("f\($0)", "v") }
        var bytes: [UInt8] = []
        let dropped = ServerReply.success(1, user: "u", fields: fields).encode(into: &bytes)
        #expect(String(wire: bytes).split(separator: "⇥").count == 2 + 14)
        #expect(dropped == (14...20).map { "f\($0)" })
        bytes = []
        let failure = ServerReply.Failure(user: "u", code: .userDisabled, reason: "r", fields: fields)
        #expect(ServerReply.failure(1, failure).encode(into: &bytes) == (12...20).map { "f\($0)" })
        #expect(String(wire: bytes).split(separator: "⇥").count == 2 + 14)
    }

    @Test("Login processes of Dovecot get all parameters, on a line of at most 16384 bytes")
    func loginProcesses() {
        let fields = (1...20).map { Parameter("f\($0)", String(repeating: "v", count: 500)) }
        var bytes: [UInt8] = []
        let reply = ServerReply.success(1, user: "u", fields: fields + [Parameter("x", String(repeating: "v", count: 9000))])
        #expect(reply.encode(into: &bytes, within: .loginProcesses) == ["x"])
        #expect(String(wire: bytes).split(separator: "⇥").count == 2 + 21)
        #expect(bytes.count > 8192 && bytes.count <= 16384)
    }

    @Test("Rule 13: FAIL has user, code, reason, in this order")
    func failureOrder() {
        let failure = ServerReply.Failure(user: "u", code: .userDisabled, reason: "no", fields: [Parameter("a", "b")])
        #expect(encoded(.failure(9, failure)) == "FAIL⇥9⇥user=u⇥code=user_disabled⇥reason=no⇥a=b\n")
    }

    @Test("Rule 14: no line has 8192 bytes; a parameter that is too long gives way to the next", arguments: [
        8191 - 14, 8192 - 14, 8193 - 14, 20_000,
    ])
    func longest(_ length: Int) {
        let long = Parameter("x", String(repeating: "y", count: length - 2))
        var bytes: [UInt8] = []
        // "OK⇥1⇥user=u⇥" has 12 bytes, then come the parameter and the LF.
        let dropped = ServerReply.success(1, user: "u", fields: [long, Parameter("z")]).encode(into: &bytes)
        #expect(bytes.count < 8192)
        #expect(bytes.last == UInt8(ascii: "\n"))
        if 12 + length + 1 < 8192 {
            #expect(dropped == (12 + length + 1 + 2 < 8192 ? [] : ["z"]))
        } else {
            #expect(String(wire: bytes) == "OK⇥1⇥user=u⇥z\n")
            #expect(dropped == ["x"])
        }
    }

    @Test("Rule 14 counts each line of a write for itself")
    func limitsPerLine() {
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 9000)
        let dropped = ServerReply.success(1, user: "u", fields: [Parameter("a", "b")]).encode(into: &bytes)
        #expect(dropped.isEmpty)
        #expect(String(wire: Array(bytes.dropFirst(9000))) == "OK⇥1⇥user=u⇥a=b\n")
    }

    @Test("No parameter is empty: an empty value leaves the name, an empty name nothing")
    func noEmptyParameter() {
        let fields = [Parameter("", "x"), Parameter("a", ""), Parameter("")]
        #expect(encoded(.success(1, user: "u", fields: fields)) == "OK⇥1⇥user=u⇥a\n")
        #expect(encoded(.failure(1, .init(user: "", fields: fields))) == "FAIL⇥1⇥a\n")
    }

    @Test("Rule 15: a reason is printable ASCII", arguments: [
        ("Try again later", "Try again later"), ("a\tb\nc", "a?b?c"), ("\u{1b}[31m", "?[31m"), ("é", "??"), ("\0", "?"),
    ])
    func printableReason(_ reason: String, _ printed: String) {
        #expect(encoded(.failure(1, .init(reason: reason))) == "FAIL⇥1⇥reason=\(printed)\n")
    }

    // Dovecot 2.3.19.1 echoes such names escaped, too.
    @Test("A name with control characters is escaped")
    func escapedName() {
        #expect(encoded(.failure(1, .init(user: "al\tice\u{1}"))) == "FAIL⇥1⇥user=al␁tice␁1\n")
        #expect(encoded(.success(1, user: "a\nb", fields: [Parameter("k\r", "v\0")])) == "OK⇥1⇥user=a␁nb⇥k␁r=v␁0\n")
    }

    @Test("Only a challenge is not final")
    func finality() {
        #expect(!ServerReply.challenge(1, []).isFinal)
        #expect(!ServerReply.bindingChallenge(1, [], type: "tls-exporter").isFinal)
        #expect(ServerReply.cancelled(1).isFinal)
        #expect(ServerReply.cancelled(9).id == 9)
        #expect(ServerReply.success(1, user: "u", fields: []).isFinal)
        #expect(ServerReply.failure(1, .init()).isFinal)
        #expect(ServerReply.failure(8, .init()).id == 8)
    }
}
