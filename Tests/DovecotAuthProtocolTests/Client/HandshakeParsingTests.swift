import DovecotAuthProtocol
import Testing

@Suite("Handshake lines of a client")
struct HandshakeParsingTests {
    @Test("VERSION has two numbers", arguments: [
        ("VERSION⇥1⇥0", 1, 0), ("VERSION⇥1⇥2", 1, 2), ("VERSION⇥1⇥99", 1, 99), ("VERSION⇥2⇥0", 2, 0),
        ("VERSION⇥1⇥2\r", 1, 2),
    ] as [(String, UInt32, UInt32)])
    func version(_ line: String, _ major: UInt32, _ minor: UInt32) {
        #expect(ParsedCommand(line) == .version(major, minor))
    }

    // Dovecot 2.3.19.1 closes the connection for each of them.
    @Test("A VERSION without two numbers ends the connection", arguments: [
        "VERSION", "VERSION⇥", "VERSION⇥1", "VERSION⇥1⇥", "VERSION⇥1⇥x", "VERSION⇥x⇥1", "VERSION⇥-1⇥0",
        "VERSION⇥1⇥4294967296",
    ])
    func brokenVersion(_ line: String) {
        #expect(ParsedCommand(line) == .unreadable(.brokenVersion))
    }

    @Test("CPID is any positive number: Ruby clients send object ids", arguments: [
        ("CPID⇥1", 1), ("CPID⇥4294967295", 4_294_967_295), ("CPID⇥70368744177664", 70_368_744_177_664),
        ("CPID⇥18446744073709551615", .max), ("CPID⇥31\r", 31),
    ] as [(String, UInt64)])
    func processID(_ line: String, _ number: UInt64) {
        #expect(ParsedCommand(line) == .processID(number))
    }

    @Test("A CPID that is no positive number ends the connection", arguments: [
        "CPID", "CPID⇥", "CPID⇥0", "CPID⇥abc", "CPID⇥-1", "CPID⇥+1", "CPID⇥1 ", "CPID⇥18446744073709551616",
    ])
    func brokenProcessID(_ line: String) {
        #expect(ParsedCommand(line) == .unreadable(.brokenProcessID))
    }

    @Test("Words that are no command end the connection", arguments: [
        ("", ""), ("\r", ""), ("⇥", ""), ("FOO", "FOO"), ("auth⇥1⇥PLAIN⇥service=smtp", "auth"), ("AUTHX⇥1", "AUTHX"),
        ("AUT⇥1", "AUT"), (" AUTH⇥1", " AUTH"), ("OK⇥1", "OK"), ("MECH⇥PLAIN", "MECH"), ("version⇥1⇥2", "version"),
    ])
    func unknown(_ line: String, _ word: String) {
        #expect(ParsedCommand(line) == .unreadable(.unknownCommand(word)))
    }

    @Test("The fault of an unknown command names the word only, never what follows it")
    func noSecretInFault() {
        let parsed = ParsedCommand("AUTTH⇥1⇥PLAIN⇥service=smtp⇥resp=AGFsaWNlAHdvbmRlcmxhbmQ=")
        #expect(!String(describing: parsed).contains("AGFsaWNl"))
    }
}
