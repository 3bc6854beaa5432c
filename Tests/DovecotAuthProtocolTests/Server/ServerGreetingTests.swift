import DovecotAuthProtocol
import Testing

@Suite("The greeting")
struct ServerGreetingTests {
    private let cookie = ServerGreeting.Cookie(high: 0x586f_2aee_d593_9892, low: 0x3ec3_cc4a_debb_4fd7)

    private func encoded(_ greeting: ServerGreeting) -> String {
        var bytes: [UInt8] = []
        greeting.encode(into: &bytes)
        return String(wire: bytes)
    }

    @Test("It is byte for byte what Dovecot 2.3.19.1 sends")
    func asDovecot() {
        let greeting = ServerGreeting(
            mechanisms: [
                .init(name: "PLAIN", flags: .plaintext), .init(name: "LOGIN", flags: .plaintext),
                .init(name: "CRAM-MD5", flags: [.active, .dictionary]),
            ],
            serverProcessID: 13253, connectionID: 1, cookie: cookie)
        #expect(
            encoded(greeting) == """
                VERSION⇥1⇥2
                MECH⇥PLAIN⇥plaintext
                MECH⇥LOGIN⇥plaintext
                MECH⇥CRAM-MD5⇥dictionary⇥active
                SPID⇥13253
                CUID⇥1
                COOKIE⇥586f2aeed59398923ec3cc4adebb4fd7
                DONE

                """)
    }

    // Rule 3: Radicale takes one recv(1024).
    @Test("With every mechanism that Dovecot knows it stays below 1024 bytes")
    func size() {
        let mechanisms: [(String, MechanismFlags)] = [
            ("PLAIN", .plaintext), ("LOGIN", .plaintext), ("CRAM-MD5", [.dictionary, .active]),
            ("DIGEST-MD5", [.dictionary, .active, .mutualAuthentication]), ("SCRAM-SHA-1", .mutualAuthentication),
            ("SCRAM-SHA-256", .mutualAuthentication), ("EXTERNAL", []), ("ANONYMOUS", .anonymous),
            ("XOAUTH2", .plaintext), ("OAUTHBEARER", .plaintext), ("GSSAPI", []), ("GSS-SPNEGO", []),
            ("APOP", [.isPrivate, .dictionary, .active]), ("DOVECOT-TOKEN", .isPrivate), ("NTLM", [.dictionary, .active]),
            ("OTP", [.dictionary, .active, .forwardSecrecy]),
            ("SCRAM-SHA-1-PLUS", [.mutualAuthentication, .channelBinding]),
            ("SCRAM-SHA-256-PLUS", [.mutualAuthentication, .channelBinding]),
        ]
        let greeting = ServerGreeting(
            mechanisms: mechanisms.map { .init(name: $0.0, flags: $0.1) }, serverProcessID: .max, connectionID: .max,
            cookie: ServerGreeting.Cookie(high: .max, low: .max))
        var bytes: [UInt8] = []
        greeting.encode(into: &bytes)
        #expect(bytes.count <= ProtocolLimits.longestGreeting)
        #expect(ProtocolLimits.longestGreeting < 1024)
    }

    // Rules 2, 5, 6, 7.
    @Test("MECH comes before SPID, VERSION first with two numbers, DONE last and bare")
    func order() {
        let greeting = ServerGreeting(
            mechanisms: [.init(name: "PLAIN", flags: .plaintext)], serverProcessID: 1, connectionID: 2, cookie: cookie)
        let lines = encoded(greeting).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.map { $0.prefix { $0 != "⇥" } } == ["VERSION", "MECH", "SPID", "CUID", "COOKIE", "DONE", ""])
        #expect(lines.first == "VERSION⇥1⇥2")
        #expect(lines[5] == "DONE")
    }

    @Test("A cookie has 32 lower-case hex digits, leading zeros included")
    func cookieDigits() {
        let greeting = ServerGreeting(
            mechanisms: [], serverProcessID: 1, connectionID: 1, cookie: ServerGreeting.Cookie(high: 0, low: 0xabcdef))
        #expect(encoded(greeting).contains("COOKIE⇥00000000000000000000000000abcdef\n"))
    }

    @Test("Flags stand in Dovecot's order whatever order they were given in")
    func flagOrder() {
        let all: MechanismFlags = [
            .channelBinding, .mutualAuthentication, .forwardSecrecy, .active, .dictionary, .plaintext, .anonymous,
            .isPrivate,
        ]
        #expect(
            all.words == [
                "private", "anonymous", "plaintext", "dictionary", "active", "forward-secrecy", "mutual-auth",
                "channel-binding",
            ])
        #expect(MechanismFlags(words: all.words) == all)
        #expect(MechanismFlags(words: ["plaintext", "no-such-flag"]) == .plaintext)
    }

    @Test("A client reads all of it")
    func readBack() throws {
        let greeting = ServerGreeting(
            mechanisms: [.init(name: "SCRAM-SHA-256", flags: .mutualAuthentication)], serverProcessID: 99,
            connectionID: 7, cookie: cookie)
        let lines = try encoded(greeting).split(separator: "\n").map { try ServerLine(parsing: String($0).onWire.span) }
        #expect(
            lines == [
                .version(ProtocolVersion(major: 1, minor: 2)),
                .mechanism(.init(name: "SCRAM-SHA-256", flags: .mutualAuthentication)),
                .serverProcessID(99), .connectionID(7), .cookie("586f2aeed59398923ec3cc4adebb4fd7"), .done,
            ])
    }
}
