import AuthDatabases
import Testing

@Suite("User names")
struct UsernamePolicyTests {
    // Dovecot 2.3.19 with default settings.
    @Test(
        "The default policy lower-cases and lets Dovecot's characters through",
        arguments: [("alice", "alice"), ("Alice", "alice"), ("A.B-C_D@Example.COM", "a.b-c_d@example.com"), ("@", "@")])
    func defaults(given: String, user: String) {
        #expect((try? UsernamePolicy().normalise(given).get())?.user == user)
        #expect((try? UsernamePolicy().normalise(given).get())?.originalUser == given)
    }

    @Test(
        "Other characters are refused, the first of them by number",
        arguments: [("a b", 0x20), ("a+b", 0x2b), ("ä", 0xc3), ("a\tb", 0x09), ("a\nb", 0x0a), ("a\0", 0)] as [(String, UInt8)])
    func refused(given: String, byte: UInt8) {
        #expect(UsernamePolicy().normalise(given) == .failure(.disallowed(byte, name: given)))
    }

    @Test("An empty name, and one that becomes empty, is refused")
    func empty() throws {
        #expect(UsernamePolicy().normalise("") == .failure(.empty))
        let domain = UsernamePolicy(format: try VariableTemplate(parsing: "%d", syntax: .dovecot23))
        #expect(domain.normalise("alice") == .failure(.empty))
    }

    @Test("A name that would not fit into a reply is refused")
    func long() {
        #expect(UsernamePolicy().normalise(String(repeating: "a", count: 1025)) == .failure(.tooLong))
    }

    @Test("The default realm is appended to names without one, then characters are translated")
    func realm() throws {
        let policy = UsernamePolicy(translation: "#@", defaultRealm: "example.com")
        #expect(try policy.normalise("alice").get().user == "alice@example.com")
        #expect(try policy.normalise("alice@").get().user == "alice@")
    }

}
