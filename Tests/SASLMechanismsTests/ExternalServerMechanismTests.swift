import SASLMechanisms
import Testing

@Suite("EXTERNAL, server side")
struct ExternalServerMechanismTests {
    static func mechanism(_ user: String? = "fred") -> ExchangeUnderTest {
        ExchangeUnderTest(ExternalServerMechanism(certificateUser: user))
    }

    // RFC 4422 appendix A.2: an empty message, or as whom to act. The empty password is Dovecot's.
    @Test(
        "The certificate's name is checked with an empty password, whoever is to be acted as",
        arguments: [("", nil), ("fred", nil), ("fred@example.com", "fred@example.com")])
    func examples(message: String, target: String?) {
        for begin in [InputRecord.begin, .beginWith] {
            var exchange = Self.mechanism()
            if begin == .begin {
                let first = exchange.step(.begin)
                #expect(first == .challenge(""))
            }
            let step = exchange.step(begin == .begin ? .response : .beginWith, message)
            #expect(step == .check(Identity(authenticationID: "fred", authorizationID: target), password: ""))
            let end = exchange.step(.correct)
            #expect(end == .succeed(nil))
        }
    }

    @Test("The name comes from the context, and the verdict from the databases")
    func offer() {
        var context = ExchangeContext.forTests
        context.certificateUser = "alice"
        var exchange = ExchangeUnderTest(ExternalServerMechanism.offer, context)
        let step = exchange.step(.beginWith)
        #expect(step == .check(Identity(authenticationID: "alice"), password: ""))
        let end = exchange.step(.incorrect)
        #expect(end == .fail(.wrongPassword))
    }

    @Test("Without a name in a certificate nobody gets in", arguments: [nil, ""])
    func noCertificate(user: String?) {
        var exchange = Self.mechanism(user)
        let step = exchange.step(.beginWith, "root")
        #expect(step == .fail(.unknownCertificateUser))
    }

    static let malformed: [Malformed] =
        Malformed.names { $0 }
        + Malformed.names { Array("fred@".utf8) + $0 }
        + [
            Malformed("a NUL alone", "\0"),
            Malformed("PLAIN's message", "\0alice\0secret"),
            Malformed("a NUL at the end", "fred\0"),
        ]

    @Test("A message that is no name fails", arguments: malformed)
    func refuses(row: Malformed) {
        var exchange = Self.mechanism()
        let step = exchange.step(.beginWith, bytes: row.message)
        #expect(step == .fail(row.failure))
    }
}
