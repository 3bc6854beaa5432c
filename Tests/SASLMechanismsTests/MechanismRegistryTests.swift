import SASLMechanisms
import Testing

@Suite("The registry of mechanisms")
struct MechanismRegistryTests {
    @Test("Names are found in any case", arguments: ["PLAIN", "plain", "Plain", "LOGIN", "login", "scram-sha-256-plus"])
    func names(name: String) {
        #expect(MechanismRegistry.known[name]?.name == name.uppercased())
    }

    @Test("What isn't a name isn't found", arguments: ["", "PLAI", "PLAINX", "PLAIN ", "P\u{cc}AIN", "[LAIN", "PLA\0N"])
    func strangers(name: String) {
        #expect(MechanismRegistry.known[name] == nil)
    }

    @Test("A registry keeps the order of its names and drops repetitions")
    func order() throws {
        let registry = try MechanismRegistry(names: ["login", "PLAIN", "LOGIN"])
        #expect(registry.mechanisms.map(\.name) == ["LOGIN", "PLAIN"])
    }

    @Test("An unknown name is refused by name")
    func unknown() {
        #expect(throws: UnknownMechanism(name: "KERBEROS_V4")) {
            try MechanismRegistry(names: ["PLAIN", "KERBEROS_V4"])
        }
    }

    // What src/auth of Dovecot 2.2.36, 2.3.19 and 2.4.4 has besides.
    @Test(
        "A mechanism of Dovecot's that isn't here is refused with the reason",
        arguments: [
            ("GSSAPI", "Kerberos"), ("GSS-SPNEGO", "Kerberos"), ("ntlm", "winbind"), ("OTP", "one-time password"),
            ("SKEY", "one-time password"), ("APOP", "POP3"), ("DOVECOT-TOKEN", "Dovecot's own processes"), ("RPA", "CompuServe"),
        ])
    func absent(name: String, reason: String) {
        let text = UnknownMechanism(name: name).description
        #expect(MechanismRegistry.known[name] == nil)
        #expect(text.hasPrefix("SASL mechanism \"\(name)\" is not here: "))
        #expect(text.contains(reason) && text.contains("leave it out") && text.hasSuffix("OAUTHBEARER, XOAUTH2"), "\(text)")
    }

    // MECH lines of Dovecot 2.3.19 and, for -PLUS, of 2.4.1; neither has SCRAM-SHA-512.
    @Test(
        "Every mechanism has the security properties that Dovecot announces",
        arguments: [
            ("PLAIN", .plaintext, .verification),
            ("LOGIN", .plaintext, .verification),
            ("CRAM-MD5", [.dictionary, .active], .credentials),
            ("DIGEST-MD5", [.dictionary, .active, .mutualAuthentication], .credentials),
            ("SCRAM-SHA-1", .mutualAuthentication, .credentials),
            ("SCRAM-SHA-256", .mutualAuthentication, .credentials),
            ("SCRAM-SHA-512", .mutualAuthentication, .credentials),
            ("SCRAM-SHA-1-PLUS", [.mutualAuthentication, .channelBinding], .credentials),
            ("SCRAM-SHA-256-PLUS", [.mutualAuthentication, .channelBinding], .credentials),
            ("SCRAM-SHA-512-PLUS", [.mutualAuthentication, .channelBinding], .credentials),
            ("EXTERNAL", [], .certificate),
            ("ANONYMOUS", .anonymous, .nothing),
            ("OAUTHBEARER", .plaintext, .token),
            ("XOAUTH2", .plaintext, .token),
        ] as [(String, SecurityProperties, MechanismNeeds)])
    func properties(name: String, properties: SecurityProperties, needs: MechanismNeeds) throws {
        let offer = try #require(MechanismRegistry.known[name])
        #expect(offer.properties == properties)
        #expect(offer.needs == needs)
        #expect(MechanismRegistry.known.mechanisms.count == 14)
    }

    @Test("A context is worked out only for a mechanism that needs one", arguments: ["PLAIN", "LOGIN", "ANONYMOUS"])
    func laziness(name: String) throws {
        let offer = try #require(MechanismRegistry.known[name])
        var isAsked = false
        func context() -> ExchangeContext {
            isAsked = true
            return .forTests
        }
        _ = offer.makeExchange(context())
        #expect(!isAsked)
    }
}
