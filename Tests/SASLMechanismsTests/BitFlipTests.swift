import PasswordSchemes
import SASLMechanisms
import Secrets
import Testing

/// The RFCs' own proofs with every single bit changed: none of them may still log anybody in, unless it means the same.
@Suite("Proofs with one bit changed")
struct BitFlipTests {
    /// Every message that differs from `message` in one bit, and where.
    private func flips(of message: String) -> [(message: [UInt8], place: Int)] {
        let original = Array(message.utf8)
        return original.indices.flatMap { place in
            (0..<8).map { bit in
                var changed = original
                changed[place] ^= 1 << UInt8(bit)
                return (changed, place)
            }
        }
    }

    @Test("SCRAM takes none of them", arguments: SCRAMServerMechanismTests.examples)
    func scram(example: SCRAMServerMechanismTests.Example) throws {
        let stored = try #require(SCRAMServerMechanismTests.pencil(example))
        let proof = try #require(example.clientFinal.firstRange(of: ",p=")).upperBound
        let front = example.clientFinal[..<proof]
        for (message, place) in flips(of: example.clientFinal) {
            var exchange = ExchangeUnderTest(SCRAMServerMechanismTests.mechanism(example))
            _ = exchange.step(.beginWith, example.clientFirst)
            _ = exchange.fetched(stored, user: "user")
            let step = exchange.step(.response, bytes: message)
            guard case .succeed = step else { continue }
            // Bits of the last letter that base64 doesn't use (RFC 4648 section 3.5): the proof is the same.
            let text = String(decoding: message, as: UTF8.self)
            #expect(text.hasPrefix(front), "byte \(place)")
            #expect(decoded(String(text.dropFirst(front.count))) == decoded(String(example.clientFinal[proof...])))
        }
    }

    @Test("CRAM-MD5 takes none of them but capitals")
    func cramMD5() {
        let response = "tim b913a602c7eda7a495b4e6e7334d3890"
        for (message, place) in flips(of: response) {
            var exchange = ExchangeUnderTest(CramMD5ServerMechanismTests.rfcMechanism())
            _ = exchange.step(.begin)
            let asked = exchange.step(.response, bytes: message)
            guard asked == .fetch(Identity(authenticationID: "tim"), .cramMD5) else { continue }
            let step = exchange.fetched(CramMD5ServerMechanismTests.tim)
            let isSame = String(decoding: message, as: UTF8.self).lowercased() == response
            #expect((step == .succeed(nil)) == isSame, "byte \(place)")
        }
    }

    @Test("DIGEST-MD5 takes none of them but capitals and unknown directives in place of superfluous ones")
    func digestMD5() {
        let example = DigestMD5ServerMechanismTests.examples[0]
        let kind = CredentialKind.digestMD5(user: Array("chris".utf8), realm: Array("elwood.innosoft.com".utf8))
        let identity = Identity(authenticationID: "chris@elwood.innosoft.com")
        for (message, place) in flips(of: example.response) {
            var exchange = ExchangeUnderTest(DigestMD5ServerMechanismTests.mechanism(example))
            _ = exchange.step(.begin)
            let asked = exchange.step(.response, bytes: message)
            // Another name or realm has another key.
            guard asked == .fetch(identity, kind) else { continue }
            let step = exchange.fetched(DigestMD5ServerMechanismTests.chris)
            guard case .succeed = step else { continue }
            let text = String(decoding: message, as: UTF8.self)
            let isSame = text.lowercased() == example.response.lowercased()
            // charset, nc and qop are what is assumed without them.
            let isSuperfluous = ["charset=utf-8", ",nc=", ",qop="].contains { !text.contains($0) }
            #expect(isSame || isSuperfluous, "byte \(place): \(text)")
        }
    }
}
