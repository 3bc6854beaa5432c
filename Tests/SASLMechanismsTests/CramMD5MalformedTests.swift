import PasswordSchemes
import SASLMechanisms
import Testing

extension CramMD5ServerMechanismTests {
    static let digits = "b913a602c7eda7a495b4e6e7334d3890"

    static let malformed: [Malformed] =
        Malformed.names { $0 + Array(" \(digits)".utf8) } + [
            Malformed("no bytes", ""),
            Malformed("a name alone", "tim"),
            Malformed("a name and a blank", "tim "),
            Malformed("digits alone", digits),
            Malformed("no name", " \(digits)", .emptyUsername),
            Malformed("a blank alone", " ", .emptyUsername),
            Malformed("31 digits", "tim \(digits.dropLast())"),
            Malformed("33 digits", "tim \(digits)0"),
            Malformed("a NUL behind the digits", "tim \(digits)\0"),
            Malformed("a line end behind the digits", "tim \(digits)\n"),
            Malformed("a blank behind the digits", "tim \(digits) "),
            Malformed("a tab for the blank", "tim\t\(digits)"),
            Malformed("a colon for the blank", "tim:\(digits)"),
            Malformed("64 KiB of digits", "tim " + String(repeating: "a", count: 65_536)),
            Malformed("64 KiB of blanks", String(repeating: " ", count: 65_536)),
        ]

    @Test("A response that is no name and 32 digits fails before the databases are asked", arguments: malformed)
    func malformed(row: Malformed) {
        var exchange = ExchangeUnderTest(Self.rfcMechanism())
        _ = exchange.step(.begin)
        let step = exchange.step(.response, bytes: row.message)
        #expect(step == .fail(row.failure))
    }

    @Test(
        "Digits that are not the digest fail as a wrong password, whether the user exists or not",
        arguments: [
            "c913a602c7eda7a495b4e6e7334d3890", String(repeating: "g", count: 32), String(repeating: "0", count: 32),
        ],
        [true, false])
    func wrong(digits: String, exists: Bool) {
        var exchange = ExchangeUnderTest(Self.rfcMechanism())
        _ = exchange.step(.begin)
        _ = exchange.step(.response, "tim \(digits)")
        let step = exchange.fetched(exists ? Self.tim : nil)
        #expect(step == .fail(.wrongPassword))
    }

    @Test("The right digest of a user whom the databases don't know fails")
    func unknownUser() {
        var exchange = ExchangeUnderTest(Self.rfcMechanism())
        _ = exchange.step(.begin)
        _ = exchange.step(.response, "tim \(Self.digits)")
        let step = exchange.fetched(nil)
        #expect(step == .fail(.wrongPassword))
    }

    @Test("A name may hold blanks, and capitals will do for digits, as in Dovecot 2.4")
    func tolerance() {
        var exchange = ExchangeUnderTest(Self.rfcMechanism())
        _ = exchange.step(.begin)
        let asked = exchange.step(.response, "tim of old \(Self.digits.uppercased())")
        #expect(asked == .fetch(Identity(authenticationID: "tim of old"), .cramMD5))
        let end = exchange.fetched(Self.tim)
        #expect(end == .succeed(nil))
    }

    @Test("The challenge has Dovecot's form: sixteen digits, the time, the host")
    func challenge() {
        var exchange = ExchangeUnderTest(CramMD5ServerMechanism.offer)
        guard case .challenge(let challenge) = exchange.step(.begin) else {
            Issue.record("no challenge")
            return
        }
        #expect(challenge.wholeMatch(of: /<[0-9]{16}\.1700000000@mail\.example\.com>/) != nil)
    }

    @Test("A credential of another kind is a fault of the engine, and no success")
    func wrongKind() throws {
        var exchange = ExchangeUnderTest(Self.rfcMechanism())
        _ = exchange.step(.begin)
        _ = exchange.step(.response, "tim \(Self.digits)")
        let step = exchange.fetched(DigestMD5ServerMechanismTests.chris)
        #expect(step == .fail(.outOfStep))
    }
}
