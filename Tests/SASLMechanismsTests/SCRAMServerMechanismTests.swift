import PasswordSchemes
import SASLMechanisms
import Secrets
import Testing

@Suite("SCRAM, server side")
struct SCRAMServerMechanismTests {
    struct Example: Sendable {
        let hash: SCRAMHash
        let salt: [UInt8]
        let nonce: String
        let clientFirst: String
        let serverFirst: String
        let clientFinal: String
        let serverFinal: String
    }

    static let examples = [
        // RFC 5802 section 5.
        Example(
            hash: .sha1, salt: decoded("QSXCR+Q6sek8bf92"), nonce: "3rfcNHYJY1ZVvWVs7j",
            clientFirst: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
            serverFirst: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
            clientFinal: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
            serverFinal: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="),
        // RFC 7677 section 3.
        Example(
            hash: .sha256, salt: decoded("W22ZaJ0SNY7soEsUEjb6gQ=="), nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
            clientFirst: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
            serverFirst: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            clientFinal: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            serverFinal: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
        // Python's hashlib (Fixtures/scram-sha-512.py).
        Example(
            hash: .sha512, salt: decoded("W22ZaJ0SNY7soEsUEjb6gQ=="), nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
            clientFirst: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
            serverFirst: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            clientFinal: "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p="
                + "gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN"
                + "8PPC6wdp6dybEmDYXYTxwnYPJQ==",
            serverFinal: "v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifD"
                + "SeVGT4+5ZxXnJq199RVG2rR7N7Zw=="),
    ]

    static func pencil(_ example: Example) -> StoredCredential? {
        SCRAMCredentials(
            password: Secret(copying: Array("pencil".utf8).span), salt: example.salt, iterations: 4096,
            hash: example.hash
        ).map { .scram($0) }
    }

    static func mechanism(_ example: Example) -> SCRAMServerMechanism {
        SCRAMServerMechanism(
            example.hash, bindsChannel: false, offersChannelBinding: false, nonce: Array(example.nonce.utf8),
            decoys: .forTests)
    }

    @Test("The examples of RFC 5802, of RFC 7677 and of Python run byte for byte", arguments: examples)
    func rfcExamples(example: Example) throws {
        let stored = try #require(Self.pencil(example))
        var exchange = ExchangeUnderTest(Self.mechanism(example))
        let asked = exchange.step(.beginWith, example.clientFirst)
        #expect(asked == .fetch(Identity(authenticationID: "user"), .scram(example.hash)))
        let challenge = exchange.fetched(stored)
        #expect(challenge == .challenge(example.serverFirst))
        let end = exchange.step(.response, example.clientFinal)
        #expect(end == .succeed(example.serverFinal))
    }
}
