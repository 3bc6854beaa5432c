import Encodings
import PasswordSchemes
import Secrets
import Testing

/// Values of the RFCs that define the mechanisms.
@Suite("Derived credentials")
struct CredentialVectorTests {
    struct Exchange: Sendable {
        let hash: SCRAMHash
        let salt: String
        let authMessage: String
        let proof: String
        let signature: String
    }

    static let exchanges = [
        // RFC 5802 section 5.
        Exchange(
            hash: .sha1, salt: "QSXCR+Q6sek8bf92",
            authMessage: "n=user,r=fyko+d2lbbFgONRv9qkxdawL,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
                + "s=QSXCR+Q6sek8bf92,i=4096,c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j",
            proof: "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", signature: "rmF9pqV8S7suAoZWja4dJRkFsKQ="),
        // RFC 7677 section 3.
        Exchange(
            hash: .sha256, salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
            authMessage: "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
            proof: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            signature: "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
    ]

    private func decode(_ text: String) -> [UInt8] {
        // #require takes no noncopyable value.
        guard let bytes = Base64.decode(Array(text.utf8).span) else {
            Issue.record("not base64: \(text)")
            return []
        }
        return bytes.withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }

    @Test("SCRAM accepts the RFCs' proofs and gives their signatures", arguments: exchanges)
    func scram(exchange: Exchange) throws {
        let credentials = try #require(SCRAMCredentials("pencil", salt: decode(exchange.salt), exchange.hash))
        let message = Array(exchange.authMessage.utf8)
        var proof = decode(exchange.proof)
        #expect(credentials.accepts(proof, for: message))
        #expect(credentials.signature(for: message) == decode(exchange.signature))
        #expect(!credentials.accepts([], for: message))
        #expect(!credentials.accepts((proof + [0]), for: message))
        #expect(!credentials.accepts(proof, for: (message + [0])))
        proof[0] ^= 1
        #expect(!credentials.accepts(proof, for: message))
    }

    @Test("A stored SCRAM record is the one that the mechanism asks for, and only that", arguments: [SCRAMHash.sha1, .sha256])
    func storedSCRAM(hash: SCRAMHash) throws {
        let name = hash == .sha1 ? "SCRAM-SHA-1" : "SCRAM-SHA-256"
        let fixture = try #require(FixtureHash.all.first { $0.field.hasPrefix("{\(name)}") })
        let stored = try parse(fixture.field)
        let credentials = try #require(stored.scramCredentials(hash))
        #expect(credentials.iterations == 4096)
        #expect(credentials.salt.count == 16)
        #expect(stored.scramCredentials(hash == .sha1 ? .sha256 : .sha1) == nil)
        #expect(stored.plainText == nil)
        #expect(stored.cramMD5Context == nil)
        let text = credentials.text.withBytes { text in String(decoding: text.indices.map { text[$0] }, as: UTF8.self) }
        #expect("{\(name)}\(text)" == fixture.field)
    }

    @Test("CRAM-MD5 answers as RFC 2195 and HMAC-MD5 as RFC 2202", arguments: [
        (Array("tanstaaftanstaaf".utf8), Array("<1896.697170952@postoffice.reston.mci.net>".utf8), "b913a602c7eda7a495b4e6e7334d3890"),
        ([UInt8](repeating: 0x0b, count: 16), Array("Hi There".utf8), "9294727a3638bb1c13f48ef8158bfc9d"),
        (Array("Jefe".utf8), Array("what do ya want for nothing?".utf8), "750c783e6ab0b503eaa86e310a5db738"),
        ([UInt8](repeating: 0xaa, count: 16), [UInt8](repeating: 0xdd, count: 50), "56be34521d144c88dbb8c733f0e8b3f6"),
        ([UInt8](repeating: 0xaa, count: 80), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8), "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"),
        ([UInt8](repeating: 0xaa, count: 80), Array("Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data".utf8), "6f630fad67cda0ee1fb1f562db3aa53e"),
    ])
    func cramMD5(password: [UInt8], challenge: [UInt8], expected: String) {
        let context = CramMD5Context(password: Secret(copying: password.span))
        #expect(context.answer(to: challenge) == expected)
        #expect(context.accepts(expected, to: challenge))
        #expect(!context.accepts(expected.dropLast(), to: challenge))
        #expect(!context.accepts(expected, to: (challenge + [0])))
    }

    /// RFC 1320 and RFC 1321 appendix A.5.
    @Test("MD4 and MD5 give the RFCs' digests", arguments: [
        ("", "31d6cfe0d16ae931b73c59d7e0c089c0", "d41d8cd98f00b204e9800998ecf8427e"),
        ("a", "bde52cb31de33e46245e05fbdbd6fb24", "0cc175b9c0f1b6a831c399e269772661"),
        ("abc", "a448017aaf21d8525fc10ae87aa6729d", "900150983cd24fb0d6963f7d28e17f72"),
        ("message digest", "d9130a8164549fe818874806e1c7014b", "f96b697d7cb7938d525a2f31aaf161d0"),
        ("abcdefghijklmnopqrstuvwxyz", "d79e1c308aa5bbcdeea8ed63df412da9", "c3fcd3d76192e4007dfb496cca67e13b"),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "043f8582f241db351ce627e153e7f0e4", "d174ab98d277d9f5a5611c2c9f419d9f"),
        ("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "e33b4ddc9c38f2199c3e7b164fcc0536", "57edf4a22be3c955ac49da2e2107b67a"),
    ])
    func digests(text: String, md4: String, md5: String) throws {
        let password = Array(text.utf8)
        #expect(try generate(#require(PasswordScheme(named: "PLAIN-MD4")), password) == "{PLAIN-MD4}\(md4)")
        #expect(try generate(#require(PasswordScheme(named: "PLAIN-MD5")), password) == "{PLAIN-MD5}\(md5)")
    }

    /// RFC 2289 appendix C.
    @Test("OTP gives the RFC's one-time passwords", arguments: [
        ("md4 0 TeSt D1854218EBBB0B51", "This is a test."),
        ("md4 1 TeSt 63473EF01CD0B444", "This is a test."),
        ("md4 99 TeSt C5E612776E6C237A", "This is a test."),
        ("md4 0 alpha1 50076F47EB1ADE4E", "AbCdEfGhIjK"),
        ("md4 1 alpha1 65D20D1949B5F7AB", "AbCdEfGhIjK"),
        ("md4 99 alpha1 D150C82CCE6F62D1", "AbCdEfGhIjK"),
        ("md4 0 correct 849C79D4F6F55388", "OTP's are good"),
        ("md4 1 correct 8C0992FB250847B1", "OTP's are good"),
        ("md4 99 correct 3F3BF4B4145FD74B", "OTP's are good"),
        ("md5 0 TeSt 9E876134D90499DD", "This is a test."),
        ("md5 1 TeSt 7965E05436F5029F", "This is a test."),
        ("md5 99 TeSt 50FE1962C4965880", "This is a test."),
        ("md5 0 alpha1 87066DD9644BF206", "AbCdEfGhIjK"),
        ("md5 1 alpha1 7CD34C1040ADD14B", "AbCdEfGhIjK"),
        ("md5 99 alpha1 5AA37A81F212146C", "AbCdEfGhIjK"),
        ("md5 0 correct F205753943DE4CF9", "OTP's are good"),
        ("md5 1 correct DDCDAC956F234937", "OTP's are good"),
        ("md5 99 correct B203E28FA525BE47", "OTP's are good"),
        ("sha1 0 TeSt BB9E6AE1979D8FF4", "This is a test."),
        ("sha1 1 TeSt 63D936639734385B", "This is a test."),
        ("sha1 99 TeSt 87FEC7768B73CCF9", "This is a test."),
        ("sha1 0 alpha1 AD85F658EBE383C9", "AbCdEfGhIjK"),
        ("sha1 1 alpha1 D07CE229B5CF119B", "AbCdEfGhIjK"),
        ("sha1 99 alpha1 27BC71035AAF3DC6", "AbCdEfGhIjK"),
        ("sha1 0 correct D51F3E99BF8E6F0B", "OTP's are good"),
        ("sha1 1 correct 82AEB52D943774E4", "OTP's are good"),
        ("sha1 99 correct 4F296A74FE1567EC", "OTP's are good"),
    ])
    func otp(data: String, phrase: String) throws {
        #expect(try verify(phrase, against: "{OTP}\(data)"))
        #expect(try !verify(phrase + ".", against: "{OTP}\(data)"))
    }

    @Test("A plain password yields what challenge-response mechanisms need")
    func fromPlain() throws {
        let stored = try parse("{CLEARTEXT}correct horse")
        let text = try #require(stored.plainText)
        #expect(text.bytes == Array("correct horse".utf8))
        let key = try #require(stored.digestMD5Key(login: "tim@example.com"))
        let kept = try parse("{DIGEST-MD5}8e4d51861c4228f3adb0a9dfb3a4248b")
        let keptKey = try #require(kept.digestMD5Key(login: "anybody"))
        #expect(key.bytes.bytes == keptKey.bytes.bytes)
        let challenge = Array("<1@example.com>".utf8)
        let context = try #require(stored.cramMD5Context)
        let keptContext = try #require(
            parse("{CRAM-MD5}38b57fd1a0c4b46c814aa05f20318edd71c455380655f2c0ac35c5b359528d29").cramMD5Context)
        #expect(context.answer(to: challenge) == keptContext.answer(to: challenge))
        #expect(stored.scramCredentials(.sha1) == nil)
    }

    @Test("Hashes yield no plain password", arguments: [
        "{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=", "{CRYPT}$1$vu2p4LJi$zusmzPkqnKcahDpLRADdQ.", "{PLAIN-TRUNC}3-abc", "{CRYPT}",
        "{DIGEST-MD5}8e4d51861c4228f3adb0a9dfb3a4248b",
    ])
    func noPlain(field: String) throws {
        let stored = try parse(field)
        #expect(stored.plainText == nil)
        #expect(stored.cramMD5Context == nil)
    }
}
