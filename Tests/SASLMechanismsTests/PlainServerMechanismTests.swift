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

    @Test(
        "A message that isn't authzid NUL authcid NUL password fails",
        arguments: [
            "", "alice", "\0", "alice\0secret", "\0alice", "\0alice\0se\0cret", "\0\0\0", "\0\0\0\0",
            "alice\0alice\0secret\0", "a b c", "\n",
        ])
    func malformed(message: String) {
        var exchange = ExchangeUnderTest(offer)
        let step = exchange.step(.beginWith, message)
        #expect(step == .fail(.invalidInput))
    }

    @Test(
        "Names that no mechanism takes fail, on either side",
        arguments: Malformed.names { [0] + $0 + Array("\0secret".utf8) }
            + Malformed.names { $0 + Array("\0alice\0secret".utf8) })
    func refuses(row: Malformed) {
        for begin in [InputRecord.begin, .beginWith] {
            var exchange = ExchangeUnderTest(offer)
            if begin == .begin { _ = exchange.step(.begin) }
            let step = exchange.step(begin == .begin ? .response : .beginWith, bytes: row.message)
            #expect(step == .fail(row.failure))
        }
    }

    @Test("An empty name fails, whatever stands for the authzid", arguments: ["\0\0secret", "root\0\0secret", "\0\0"])
    func emptyName(message: String) {
        var exchange = ExchangeUnderTest(offer)
        let step = exchange.step(.beginWith, message)
        #expect(step == .fail(.emptyUsername))
    }

    // RFC 3629 section 3: overlong, surrogate, too large, truncated.
    @Test(
        "Names that are not UTF-8 fail",
        arguments: [[0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xff], [0x80]]
            as [[UInt8]])
    func notUTF8(name: [UInt8]) {
        var first = ExchangeUnderTest(offer)
        let authcid = first.step(.beginWith, bytes: [0] + name + [0, 0x78])
        #expect(authcid == .fail(.invalidInput))
        var second = ExchangeUnderTest(offer)
        let authzid = second.step(.beginWith, bytes: name + [0, 0x61, 0, 0x78])
        #expect(authzid == .fail(.invalidInput))
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
