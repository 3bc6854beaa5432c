import DovecotAuthProtocol
import Testing

@Suite("CONT and CANCEL lines")
struct ContinuationParsingTests {
    @Test("The data of CONT", arguments: [
        ("CONT⇥1⇥", ""), ("CONT⇥1⇥Zm9v", "foo"), ("CONT⇥1⇥Zm9v\r", "foo"), ("CONT⇥1⇥ Zm 9v ", "foo"),
        ("CONT⇥01⇥Zm9v", "foo"),
        // Prosody's empty response; Dovecot 2.3 calls it bad base64.
        ("CONT⇥1⇥=", ""),
        ("CONT⇥1⇥==", nil), ("CONT⇥1⇥Zm9", nil), ("CONT⇥1⇥#", nil), ("CONT⇥1⇥Zm9v␁t", nil),
    ] as [(String, String?)], [0, 1, 2] as [UInt32])
    func data(_ sample: (line: String, data: String?), _ minor: UInt32) {
        #expect(ParsedCommand(sample.line, minor: minor) == .proceed(1, sample.data))
    }

    // Up to 1.2 everything behind the id is one base64 text, in which TABs are blanks, as Dovecot 2.3.19.1 showed.
    @Test("A field behind the data is part of the base64 before 1.3, and something else from then on", arguments: [
        ("CONT⇥1⇥Zm9v⇥x", nil, "foo"), ("CONT⇥1⇥Zm9v⇥", "foo", "foo"), ("CONT⇥1⇥Zm⇥9v", "foo", nil),
        ("CONT⇥1⇥Zm9v⇥channel_bindings=eA==", nil, "foo"), ("CONT⇥1⇥Zm9v⇥channel_binding", nil, "foo"),
    ] as [(String, String?, String?)])
    func extraField(_ line: String, _ before: String?, _ after: String?) {
        #expect(ParsedCommand(line, minor: 0) == .proceed(1, before))
        #expect(ParsedCommand(line, minor: 2) == .proceed(1, before))
        #expect(ParsedCommand(line, minor: 3) == .proceed(1, after))
    }

    // Dovecot 2.4: auth_request_import_channel_binding() takes the first, and what can't be decoded as nothing.
    @Test("From 1.3 on CONT may carry a channel binding", arguments: [
        ("CONT⇥1⇥Zm9v⇥channel_binding=YmFy", "foo", "bar"), ("CONT⇥1⇥⇥channel_binding=YmFy", "", "bar"),
        ("CONT⇥1⇥=⇥channel_binding=YmFy", "", "bar"), ("CONT⇥1⇥Zm9v⇥x⇥y=z⇥channel_binding=YmFy\r", "foo", "bar"),
        ("CONT⇥1⇥Zm9v⇥channel_binding=YmFy⇥channel_binding=eA==", "foo", "bar"),
        ("CONT⇥1⇥Zm9v⇥channel_binding=", "foo", ""), ("CONT⇥1⇥Zm9v⇥channel_binding=?", "foo", ""),
        ("CONT⇥1⇥!⇥channel_binding=YmFy", nil, "bar"), ("CONT⇥1⇥#⇥channel_binding=YmFy", nil, "bar"),
    ] as [(String, String?, String)], [3, 4] as [UInt32])
    func channelBinding(_ sample: (line: String, data: String?, binding: String), _ minor: UInt32) {
        #expect(ParsedCommand(sample.line, minor: minor) == .proceed(1, sample.data, binding: sample.binding))
    }

    // The text of RFC 4648 in Dovecot's escapes; 2.3 takes CONT's data as it is.
    @Test("From 1.3 on the data of CONT may be escaped")
    func escapedData() {
        #expect(ParsedCommand("CONT⇥1⇥Zm9v␁t", minor: 3) == .proceed(1, "foo"))
        #expect(ParsedCommand("CONT⇥1⇥Zm9v␁t", minor: 2) == .proceed(1, nil))
    }

    @Test("A response outside of SASL answers no challenge of this server", arguments: [2, 3, 4] as [UInt32])
    func outOfBand(_ minor: UInt32) {
        #expect(ParsedCommand("CONT⇥1⇥#", minor: minor) == .proceed(1, nil))
    }

    @Test("Without a readable id the connection ends", arguments: [
        "CONT", "CONT⇥", "CONT⇥⇥Zm9v", "CONT⇥x⇥Zm9v", "CONT⇥0⇥Zm9v", "CONT⇥-1⇥", "CONT⇥99999999999⇥",
    ])
    func brokenID(_ line: String) {
        #expect(ParsedCommand(line) == .unreadable(.brokenContinuation))
    }

    @Test("Without data only the request fails; Dovecot closes the connection")
    func missingData() {
        #expect(ParsedCommand("CONT⇥1") == .refused(1, .missingContinuationData))
    }

    @Test("CANCEL has an id")
    func cancel() {
        #expect(ParsedCommand("CANCEL⇥5") == .cancel(5))
        #expect(ParsedCommand("CANCEL⇥05\r") == .cancel(5))
    }

    @Test("A CANCEL without a readable id ends the connection", arguments: [
        "CANCEL", "CANCEL⇥", "CANCEL⇥x", "CANCEL⇥0", "CANCEL⇥4294967296",
    ])
    func brokenCancel(_ line: String) {
        #expect(ParsedCommand(line) == .unreadable(.brokenCancel))
    }
}
