import PasswordSchemes
import SASLMechanisms
import Secrets
import TestSupport
import Testing

/// What a hostile server may try; ``ClientContractTests`` runs the tables.
@Suite("Clients and servers that break the rules")
struct ClientMalformedTests {
    private static func scram(
        iterations: ClosedRange<Int> = SCRAMClientMechanism.defaultIterations
    ) -> ClientUnderTest {
        var client = ClientUnderTest(
            SCRAMClientMechanism(
                .sha1, preparedUser: "user", password: Secret("pencil"), nonce: Array("abc".utf8),
                iterations: iterations))
        _ = client.initialResponse()
        return client
    }

    /// For a client whose nonce is `abc`.
    static let scramFirst: [String] = [
        "", ",", "r=abcdef", "r=abcdef,s=QSXCR+Q6sek8bf92", "s=QSXCR+Q6sek8bf92,i=4096",
        "r=abcdef,i=4096,s=QSXCR+Q6sek8bf92", "r=xyz,s=QSXCR+Q6sek8bf92,i=4096",
        "r=abc,s=QSXCR+Q6sek8bf92,i=4096", "r=,s=QSXCR+Q6sek8bf92,i=4096", "r=ABCdef,s=QSXCR+Q6sek8bf92,i=4096",
        "r=abcdef,s=,i=4096", "r=abcdef,s=Q,i=4096", "r=abcdef,s=QSXCR+Q6sek8bf92,i=",
        "r=abcdef,s=QSXCR+Q6sek8bf92,i=0", "r=abcdef,s=QSXCR+Q6sek8bf92,i=-4096",
        "r=abcdef,s=QSXCR+Q6sek8bf92,i=+4096", "r=abcdef,s=QSXCR+Q6sek8bf92,i=04096",
        "r=abcdef,s=QSXCR+Q6sek8bf92,i=4096x", "r=abcdef,s=QSXCR+Q6sek8bf92,i=4095",
        "r=abcdef,s=QSXCR+Q6sek8bf92,i=1000001", "r=abcdef,s=QSXCR+Q6sek8bf92,i=2147483648",
        "r=abcdef,s=QSXCR+Q6sek8bf92,i=99999999999999999999", "r=abcdef,s=QSXCR+Q6sek8bf92,i=4096,i=4096",
        "r=abcdef,s=QSXCR+Q6sek8bf92,i=4096,m=x", "m=x,r=abcdef,s=QSXCR+Q6sek8bf92,i=4096", "e=other-error",
        "r=abc\0def,s=QSXCR+Q6sek8bf92,i=4096", "r=abcdéf,s=QSXCR+Q6sek8bf92,i=4096",
        "r=abc" + String(repeating: "d", count: 65_536) + ",s=QSXCR+Q6sek8bf92,i=4096",
    ]

    @Test("The limit of iterations is the client's own")
    func iterationLimit() throws {
        var strict = Self.scram(iterations: 4096...5000)
        #expect(throws: ClientMechanismFailure.self) {
            _ = try strict.respond(to: "r=abcdef,s=QSXCR+Q6sek8bf92,i=5001")
        }
        var lax = Self.scram(iterations: 1...5000)
        let answer = try lax.respond(to: "r=abcdef,s=QSXCR+Q6sek8bf92,i=1")
        #expect(answer.hasPrefix("c=biws,r=abcdef,p="))
    }

    @Test("A name or password that SASLprep forbids makes no SCRAM client")
    func unpreparable() {
        var generator = SeededGenerator(seed: 1)
        let randomness = ExchangeRandomness(using: &generator)
        #expect(throws: StringPreparationError.prohibitedCharacter) {
            _ = try SCRAMClientMechanism(.sha1, user: "a\u{7}", password: Secret("x"), randomness: randomness)
        }
        #expect(throws: StringPreparationError.mixedDirections) {
            _ = try SCRAMClientMechanism(.sha1, user: "a", password: Secret("\u{627}1"), randomness: randomness)
        }
        #expect(throws: StringPreparationError.prohibitedCharacter) {
            _ = try PlainClientMechanism(preparing: "a", password: Secret("\u{7}"))
        }
    }

    @Test("SCRAM and PLAIN clients prepare what they send, unless told not to")
    func preparation() throws {
        var generator = SeededGenerator(seed: 1)
        let randomness = ExchangeRandomness(using: &generator)
        let prepared = try SCRAMClientMechanism(
            .sha1, user: "\u{2168}", password: Secret("x"), authorizationID: "\u{aa}", randomness: randomness)
        var first = ClientUnderTest(prepared)
        let message = first.initialResponse() ?? ""
        #expect(message.hasPrefix("n,a=a,n=IX,r="))
        let verbatim = try SCRAMClientMechanism(
            .sha1, user: "\u{2168}", password: Secret("x"), randomness: randomness, preparation: .verbatim)
        var second = ClientUnderTest(verbatim)
        let raw = second.initialResponse() ?? ""
        #expect(raw.hasPrefix("n,,n=\u{2168},r="))
        let plain = try PlainClientMechanism(preparing: "\u{2168}", password: Secret("I\u{ad}X"))
        var third = ClientUnderTest(plain)
        let line = third.initialResponse()
        #expect(line == "\0IX\0IX")
    }

    static let digestChallenges: [String] = [
        "", ",", "nonce", "nonce=", #"nonce="",algorithm=md5-sess"#, #"nonce="x""#, #"nonce="x",algorithm=md5"#,
        #"nonce="x",algorithm=MD5-SESS"#, "algorithm=md5-sess", #"nonce="x",nonce="x",algorithm=md5-sess"#,
        #"nonce="x",algorithm=md5-sess,algorithm=md5-sess"#, #"nonce="x",qop="auth-int",algorithm=md5-sess"#,
        #"nonce="x",qop="",algorithm=md5-sess"#, #"nonce="x",qop="author",algorithm=md5-sess"#,
        #"nonce="x",qop=auth,qop=auth,algorithm=md5-sess"#, #"nonce="x",charset=latin1,algorithm=md5-sess"#,
        #"nonce="x",charset=utf-8,charset=utf-8,algorithm=md5-sess"#, #"nonce="x,algorithm=md5-sess"#,
        #"nonce="x"y,algorithm=md5-sess"#, "nonce=\"x\0\",algorithm=md5-sess",
        "nonce=\"" + String(repeating: "x", count: 65_536) + "\",algorithm=md5-sess",
    ]

    @Test("A DIGEST-MD5 client takes the first realm, or its own, and names as whom to act", arguments: [nil, "c"])
    func digestRealm(realm: String?) throws {
        var client = ClientUnderTest(
            DigestMD5ClientMechanism(
                user: "chris", password: Secret("secret"), authorizationID: "bob", realm: realm, digestURI: "imap/x",
                nonce: Array("abc".utf8)))
        let answer = try client.respond(to: #"realm="a\"",realm="b",nonce="x",qop="auth-int,auth",algorithm=md5-sess"#)
        #expect(answer.contains(#"realm="\#(realm ?? #"a\""#)","#))
        #expect(answer.hasSuffix(#",authzid="bob""#))
    }
}
