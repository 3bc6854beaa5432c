import SASLMechanisms
import Testing

@Suite("LOGIN, server side")
struct LoginServerMechanismTests {
    let offer = LoginServerMechanism.offer
    let alice = Identity(authenticationID: "alice")

    // The prompts are Dovecot 2.3.19's: VXNlcm5hbWU6 and UGFzc3dvcmQ6.
    @Test("Name and password are asked for, one after the other", arguments: [InputRecord.begin, .beginWith])
    func prompts(begin: InputRecord) {
        var exchange = ExchangeUnderTest(offer)
        let first = exchange.step(begin)
        #expect(first == .challenge("Username:"))
        let second = exchange.step(.response, "alice")
        #expect(second == .claim(alice))
        let third = exchange.step(.claimAccepted)
        #expect(third == .challenge("Password:"))
        let fourth = exchange.step(.response, "secret")
        #expect(fourth == .check(alice, password: "secret"))
        let end = exchange.step(.correct)
        #expect(end == .succeed(nil))
    }

    @Test("An initial response is the name")
    func initialResponse() {
        var exchange = ExchangeUnderTest(offer)
        let first = exchange.step(.beginWith, "alice")
        #expect(first == .claim(alice))
        let second = exchange.step(.claimAccepted)
        #expect(second == .challenge("Password:"))
    }

    @Test("An empty name fails at once")
    func emptyName() {
        var exchange = ExchangeUnderTest(offer)
        _ = exchange.step(.begin)
        let step = exchange.step(.response)
        #expect(step == .fail(.emptyUsername))
    }

    @Test("An empty password is a password, for the databases to refuse")
    func emptyPassword() {
        var exchange = ExchangeUnderTest(offer)
        _ = exchange.step(.beginWith, "alice")
        _ = exchange.step(.claimAccepted)
        let step = exchange.step(.response)
        #expect(step == .check(alice, password: ""))
    }

    @Test("A NUL in the name or the password fails, so that nothing behind it is overlooked")
    func embeddedNUL() {
        var first = ExchangeUnderTest(offer)
        let name = first.step(.beginWith, "alice\0x")
        #expect(name == .fail(.invalidInput))
        var second = ExchangeUnderTest(offer)
        _ = second.step(.beginWith, "alice")
        _ = second.step(.claimAccepted)
        let password = second.step(.response, "secret\0x")
        #expect(password == .fail(.invalidInput))
    }

    static let malformed: [Malformed] =
        Malformed.names { $0 } + Malformed.names { Array("alice@".utf8) + $0 } + [
            Malformed("a NUL alone", "\0"),
            Malformed("a NUL in front", "\0alice"),
            Malformed("a NUL at the end", "alice\0"),
            Malformed("PLAIN's message", "\0alice\0secret"),
            Malformed("no bytes", "", .emptyUsername),
        ]

    @Test("A message that is no name fails before the password is asked for", arguments: malformed)
    func refuses(row: Malformed) {
        var exchange = ExchangeUnderTest(offer)
        _ = exchange.step(.begin)
        let step = exchange.step(.response, bytes: row.message)
        #expect(step == .fail(row.failure))
    }
}
