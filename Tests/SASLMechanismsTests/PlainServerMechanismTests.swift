import SASLMechanisms
import Secrets
import Testing

@Suite("PLAIN, server side")
struct PlainServerMechanismTests {
    let offer = PlainServerMechanism.offer

    // RFC 4616 section 4 has both examples.
    @Test(
        "The examples of RFC 4616 are understood",
        arguments: [
            ("\0tim\0tanstaaftanstaaf", Identity(authenticationID: "tim"), "tanstaaftanstaaf"),
            ("Ursel\0Kurt\0xipj3plmq", Identity(authenticationID: "Kurt", authorizationID: "Ursel"), "xipj3plmq"),
        ])
    func rfcExamples(message: String, identity: Identity, password: String) {
        var exchange = ExchangeUnderTest(offer)
        let step = exchange.step(.beginWith, message)
        #expect(step == .check(identity, password: password))
        let end = exchange.step(.correct)
        #expect(end == .succeed(nil))
    }

    @Test("Without an initial response the server asks with an empty challenge")
    func noInitialResponse() {
        var exchange = ExchangeUnderTest(offer)
        let first = exchange.step(.begin)
        #expect(first == .challenge(""))
        let second = exchange.step(.response, "\0alice\0secret")
        #expect(second == .check(Identity(authenticationID: "alice"), password: "secret"))
        let end = exchange.step(.incorrect)
        #expect(end == .fail(.wrongPassword))
    }

    @Test("An authzid equal to the authcid asks for nothing more, as chasquid sends it")
    func sameIdentity() {
        var exchange = ExchangeUnderTest(offer)
        let step = exchange.step(.beginWith, "alice\0alice\0secret")
        #expect(step == .check(Identity(authenticationID: "alice"), password: "secret"))
    }

    @Test("An empty password is a password, for the databases to refuse")
    func emptyPassword() {
        var exchange = ExchangeUnderTest(offer)
        let step = exchange.step(.beginWith, "\0alice\0")
        #expect(step == .check(Identity(authenticationID: "alice"), password: ""))
    }

    static let malformed: [Malformed] =
        Malformed.names { [0] + $0 + Array("\0secret".utf8) }
        + Malformed.names { $0 + Array("\0alice\0secret".utf8) }
        + [
            Malformed("no bytes", ""),
            Malformed("a name alone", "alice"),
            Malformed("a NUL alone", "\0"),
            Malformed("no NUL in front", "alice\0secret"),
            Malformed("no password", "\0alice"),
            Malformed("a NUL in the password", "\0alice\0se\0cret"),
            Malformed("three NULs alone", "\0\0\0"),
            Malformed("four NULs alone", "\0\0\0\0"),
            Malformed("a NUL at the end", "alice\0alice\0secret\0"),
            Malformed("blanks for NULs", "a b c"),
            Malformed("a line end", "\n"),
            Malformed("64 KiB of NULs", String(repeating: "\0", count: 65_536)),
            Malformed("two NULs alone", "\0\0", .emptyUsername),
            Malformed("no name", "\0\0secret", .emptyUsername),
            Malformed("no name, but whom to act as", "root\0\0secret", .emptyUsername),
        ]

    @Test("A message that isn't authzid NUL authcid NUL password, in names that may be names, fails", arguments: malformed)
    func refuses(row: Malformed) {
        for begin in [InputRecord.begin, .beginWith] {
            var exchange = ExchangeUnderTest(offer)
            if begin == .begin { _ = exchange.step(.begin) }
            let step = exchange.step(begin == .begin ? .response : .beginWith, bytes: row.message)
            #expect(step == .fail(row.failure))
        }
    }

    @Test("A password may be any bytes but NUL")
    func binaryPassword() {
        var exchange = ExchangeUnderTest(offer)
        var mechanism = offer.makeExchange(.forTests)
        let password: [UInt8] = Array(1...255)
        switch mechanism.step(.beginWith(.init(copying: ([0, 0x61, 0] + password).span))) {
        case .check(_, let secret):
            secret.withBytes { bytes in
                #expect(bytes.count == password.count)
                for index in bytes.indices { #expect(bytes[index] == password[index]) }
            }
        default: Issue.record("the password was not passed on")
        }
        let long = exchange.step(.beginWith, "\0alice\0" + String(repeating: "x", count: 64 * 1024))
        #expect(long == .check(Identity(authenticationID: "alice"), password: String(repeating: "x", count: 64 * 1024)))
    }
}
