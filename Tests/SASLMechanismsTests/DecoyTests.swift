import Encodings
import PasswordSchemes
import SASLMechanisms
import Secrets
import TestSupport
import Testing

/// Nobody may find out which users exist by asking for their salts.
@Suite("Users who don't exist")
struct DecoyTests {
    /// Salt and iteration count of the server's first message.
    private func parameters(
        _ user: String, hash: SCRAMHash = .sha256, decoys: DecoySecret = .forTests, seed: UInt64 = 1
    ) -> String {
        var generator = SeededGenerator(seed: seed)
        let context = ExchangeContext(
            randomness: ExchangeRandomness(using: &generator), unixTime: 0, hostName: "", decoys: decoys)
        var exchange = ExchangeUnderTest(SCRAMServerMechanism.offer(hash), context)
        _ = exchange.step(.beginWith, "n,,n=x,r=abc")
        guard case .challenge(let challenge) = exchange.fetched(nil, user: user) else { return "" }
        return challenge.split(separator: ",").dropFirst().joined(separator: ",")
    }

    @Test("A name gets the same salt and count each time, in the form of a real one", arguments: SCRAMHash.allCases)
    func stable(hash: SCRAMHash) throws {
        let first = parameters("nobody", hash: hash)
        #expect(first.wholeMatch(of: /s=[A-Za-z0-9+\/]{22}==,i=4096/) != nil)
        #expect(parameters("nobody", hash: hash, seed: 2) == first)
    }

    @Test("Names, hash functions and servers have salts of their own")
    func distinct() {
        var generator = SeededGenerator(seed: 9)
        let other = DecoySecret(using: &generator)
        let salts: Set = [
            parameters("nobody"), parameters("nobodz"), parameters("Nobody"), parameters("nobody", hash: .sha1),
            parameters("nobody", hash: .sha512), parameters("nobody", decoys: other),
        ]
        #expect(salts.count == 6)
    }

    @Test("The count is the one that the server's records have")
    func iterations() {
        var decoys = DecoySecret.forTests
        decoys.scramIterations = 10_000
        #expect(parameters("nobody", decoys: decoys).hasSuffix(",i=10000"))
    }

    @Test(
        "A user with a plain password has the salt of one who doesn't exist, and logs in",
        arguments: SCRAMHash.allCases)
    func plainPassword(hash: SCRAMHash) throws {
        var exchange = ExchangeUnderTest(SCRAMServerMechanism.offer(hash))
        var client = ClientUnderTest(
            SCRAMClientMechanism(hash, preparedUser: "alice", password: Secret("IX"), nonce: Array("abc".utf8)))
        _ = exchange.step(.beginWith, client.initialResponse() ?? "")
        // RFC 4013 section 3: U+2168 is prepared to IX.
        let stored = SCRAMCredentials(
            plainPassword: Secret("\u{2168}"), user: "alice", hash: hash, decoys: .forTests)
        guard case .challenge(let challenge) = exchange.fetched(stored.map { .scram($0) }) else {
            Issue.record("no challenge")
            return
        }
        #expect(challenge.hasSuffix(parameters("alice", hash: hash)))
        guard case .succeed(let message) = exchange.step(.response, try client.respond(to: challenge)) else {
            Issue.record("refused")
            return
        }
        try client.finish(message)
    }

    @Test("A plain password that SASLprep forbids is taken as it is, as Dovecot does")
    func unpreparable() throws {
        let stored = SCRAMCredentials(
            plainPassword: Secret("a\u{7}"), user: "alice", hash: .sha1, decoys: .forTests)
        let verbatim = SCRAMCredentials(
            password: Secret("a\u{7}"), salt: stored?.salt ?? [], iterations: 4096, hash: .sha1)
        let text = stored?.text.testText
        #expect(text != nil)
        #expect(text == verbatim?.text.testText)
    }
}
