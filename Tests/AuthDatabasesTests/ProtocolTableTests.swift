import AuthDatabases
import Testing

@Suite("Values by protocol")
struct ProtocolTableTests {
    @Test("A protocol without a value of its own has everybody's")
    func common() {
        let table = ProtocolTable("all", own: ["imap": "mine"])
        #expect(table["imap"] == "mine")
        #expect(["smtp", "", "IMAP", "!imap"].map { table[$0] } == ["all", "all", "all", "all"])
        #expect(ProtocolTable("all")["imap"] == "all")
    }

    // `protocol !imap { … }` in Dovecot.
    @Test("A name behind ! stands for every protocol but that one, unless a protocol has its own")
    func negated() {
        let table = ProtocolTable("all", own: ["!imap": "others", "lmtp": "mine"])
        #expect(table["imap"] == "all")
        #expect(table["smtp"] == "others")
        #expect(table["lmtp"] == "mine")
        #expect(table[""] == "others")
    }
}
