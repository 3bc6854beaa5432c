import DovecotAuthProtocol
import Testing

/// The tables of Dovecot's behaviour, checked against 2.3.19.1 unless a test says otherwise.
@Suite("AUTH lines")
struct AuthenticationParsingTests {
    @Test("An id is a decimal number from 1 to 4294967295", arguments: [
        ("1", 1), ("01", 1), ("0000000000007", 7), ("10", 10), ("4294967295", .max),
    ] as [(String, UInt32)])
    func id(_ text: String, _ number: UInt32) {
        #expect(ParsedCommand("AUTH⇥\(text)⇥PLAIN⇥service=smtp").request?.id == RequestID(number))
    }

    @Test("Without a readable id the connection ends", arguments: [
        "AUTH", "AUTH⇥", "AUTH⇥⇥PLAIN⇥service=smtp", "AUTH⇥0⇥PLAIN⇥service=smtp", "AUTH⇥+1⇥PLAIN⇥service=smtp",
        "AUTH⇥-1⇥PLAIN⇥service=smtp", "AUTH⇥x⇥PLAIN⇥service=smtp", "AUTH⇥1 ⇥PLAIN⇥service=smtp",
        "AUTH⇥4294967296⇥PLAIN⇥service=smtp", "AUTH⇥0x1⇥PLAIN⇥service=smtp",
    ])
    func brokenID(_ line: String) {
        #expect(ParsedCommand(line) == .unreadable(.brokenAuth))
    }

    // Here Dovecot closes the connection; Gatepost fails this request alone.
    @Test("With a readable id only the request fails", arguments: [
        ("AUTH⇥1", .missingMechanism), ("AUTH⇥1⇥", .missingMechanism), ("AUTH⇥1⇥⇥service=smtp", .missingMechanism),
        // The mark of an escape that escapes nothing; found by fuzzing.
        ("AUTH⇥1⇥\u{1}⇥service=smtp", .missingMechanism),
        ("AUTH⇥1⇥PLAIN", .missingService), ("AUTH⇥1⇥PLAIN⇥resp=", .missingService),
        ("AUTH⇥1⇥PLAIN⇥services=smtp", .missingService),
        ("AUTH⇥1⇥PLAIN⇥service=smtp⇥resp=⇥secured", .parametersAfterResponse),
        ("AUTH⇥1⇥PLAIN⇥service=smtp⇥resp⇥x", .parametersAfterResponse),
        ("AUTH⇥1⇥PLAIN⇥service=smtp⇥resp=Zm9v⇥", .parametersAfterResponse),
        ("AUTH⇥1⇥PLAIN⇥resp=Zm9v⇥service=smtp", .parametersAfterResponse),
        ("AUTH⇥1⇥PLAIN⇥service=smtp⇥resp=Zm9v⇥resp=Zm9v", .parametersAfterResponse),
    ] as [(String, ClientCommandFault.Reason)])
    func refused(_ line: String, _ reason: ClientCommandFault.Reason) {
        #expect(ParsedCommand(line) == .refused(1, reason))
    }

    @Test("The mechanism is kept as the client spelled it", arguments: ["PLAIN", "plain", "SCRAM-SHA-256", "no such"])
    func mechanism(_ name: String) {
        #expect(ParsedCommand("AUTH⇥1⇥\(name)⇥service=smtp").request?.mechanism == name)
    }

    // protocol= is what 2.4 calls it; 2.3 knows service= only.
    @Test("The service comes as service= or protocol=, may be empty, and the last one counts", arguments: [
        ("service=smtp", "smtp"), ("protocol=imap", "imap"), ("service=", ""), ("service", ""),
        ("service=smtp⇥service=imap", "imap"), ("secured⇥rip=1.2.3.4⇥service=pop3", "pop3"), ("service=a=b", "a=b"),
    ])
    func service(_ parameters: String, _ service: String) {
        #expect(ParsedCommand("AUTH⇥1⇥PLAIN⇥\(parameters)").request?.service == service)
    }

    @Test("resp= in all its forms, by minor version", arguments: [
        ("", 0, .absent), ("", 1, .absent), ("", 2, .absent), ("", 4, .absent),
        ("⇥resp=", 0, .absent), ("⇥resp=", 1, .absent), ("⇥resp=", 2, .given("")), ("⇥resp=", 3, .given("")),
        ("⇥resp", 1, .absent), ("⇥resp", 2, .given("")),
        ("⇥resp==", 0, .given("")), ("⇥resp==", 1, .given("")), ("⇥resp==", 2, .given("")),
        ("⇥resp=AGFsaWNlAHdvbmRlcmxhbmQ=", 0, .given("\0alice\0wonderland")),
        ("⇥resp=AGFsaWNlAHdvbmRlcmxhbmQ=", 2, .given("\0alice\0wonderland")),
        ("⇥resp=AGFsaWNlAHdvbmRlcmxhbmQ=\r", 2, .given("\0alice\0wonderland")),
        ("⇥resp=AGFs aWNlAHdvbmRlcmxhbmQ= ", 2, .given("\0alice\0wonderland")),
        ("⇥resp=AGFs␁taWNlAHdvbmRlcmxhbmQ=", 2, .given("\0alice\0wonderland")),
        ("⇥resp= ", 2, .given("")),
        ("⇥resp=AGFsaWNlAHdvbmRlcmxhbmQ", 2, .malformed), ("⇥resp=*", 2, .malformed), ("⇥resp===", 2, .malformed),
        ("⇥resp= =", 2, .malformed), ("⇥resp=␁", 0, .given("")),
    ] as [(String, UInt32, ParsedCommand.Response)])
    func initialResponse(_ parameter: String, _ minor: UInt32, _ response: ParsedCommand.Response) {
        #expect(ParsedCommand("AUTH⇥1⇥PLAIN⇥service=smtp\(parameter)", minor: minor).response == response)
    }

    @Test("Empty, nameless and unknown parameters are ignored", arguments: [
        "⇥", "⇥⇥", "⇥=x", "⇥foo", "⇥foo=bar", "⇥Secured", "⇥RIP=1.2.3.4", "⇥tls_cipher=AES", "⇥transport=trusted",
    ])
    func ignored(_ parameters: String) {
        let expected = AuthenticationRequest(id: 1, mechanism: "PLAIN", service: "smtp")
        #expect(ParsedCommand("AUTH⇥1⇥PLAIN⇥service=smtp\(parameters)") == .authenticate(expected, .absent))
    }
}
