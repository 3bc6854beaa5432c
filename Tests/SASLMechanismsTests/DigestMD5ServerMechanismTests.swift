import PasswordSchemes
import SASLMechanisms
import Secrets
import Testing

@Suite("DIGEST-MD5, server side")
struct DigestMD5ServerMechanismTests {
    struct Example: Sendable {
        let nonce: String
        let response: String
        let finalMessage: String
    }

    // RFC 2831 section 4.
    static let examples = [
        Example(
            nonce: "OA6MG9tEQGm2hh",
            response: #"charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh","#
                + #"nc=00000001,cnonce="OA6MHXh6VqTrRk",digest-uri="imap/elwood.innosoft.com","#
                + "response=d388dad90d4bbd760a152321f2143af7,qop=auth",
            finalMessage: "rspauth=ea40f60335c427b5527b84dbabcdfffd"),
        Example(
            nonce: "OA9BSXrbuRhWay",
            response: #"charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA9BSXrbuRhWay","#
                + #"nc=00000001,cnonce="OA9BSuZWMSpW8m",digest-uri="acap/elwood.innosoft.com","#
                + "response=6084c6db3fede7352c551284490fd0fc,qop=auth",
            finalMessage: "rspauth=2f0b3d7c3c2e486600ef710726aa2eae"),
    ]

    static let chris = StoredCredential.digestMD5(
        DigestMD5Key(
            user: Array("chris".utf8).span, realm: Array("elwood.innosoft.com".utf8).span,
            password: Secret(copying: Array("secret".utf8).span)))

    static func mechanism(_ example: Example = examples[0]) -> DigestMD5ServerMechanism {
        DigestMD5ServerMechanism(
            nonce: Array(example.nonce.utf8), realms: ["elwood.innosoft.com"], decoys: .forTests)
    }

    @Test("The examples of RFC 2831 run byte for byte", arguments: examples)
    func rfcExamples(example: Example) {
        var exchange = ExchangeUnderTest(Self.mechanism(example))
        let challenge = exchange.step(.begin)
        // The directives and their order are those of Dovecot 2.3.19.
        let expected = #"realm="elwood.innosoft.com",nonce="\#(example.nonce)",qop="auth","#
            + #"charset="utf-8",algorithm="md5-sess""#
        #expect(challenge == .challenge(expected))
        let asked = exchange.step(.response, example.response)
        let kind = CredentialKind.digestMD5(user: Array("chris".utf8), realm: Array("elwood.innosoft.com".utf8))
        #expect(asked == .fetch(Identity(authenticationID: "chris@elwood.innosoft.com"), kind))
        let end = exchange.fetched(Self.chris)
        #expect(end == .succeed(example.finalMessage))
    }
}
