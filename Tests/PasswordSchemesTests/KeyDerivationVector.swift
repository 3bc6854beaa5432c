import Testing

@testable import PasswordSchemes

/// What others say that PBKDF2 or HMAC makes of two texts.
struct KeyDerivationVector: Sendable, CustomTestStringConvertible {
    let function: KeyDerivation
    /// Password or key.
    let key: [UInt8]
    /// Salt or message.
    let text: [UInt8]
    /// 0 for HMAC.
    var rounds = 0
    /// As far as the source has it, and no further than one block.
    let derived: String

    var testDescription: String { "\(function), \(key.count) and \(text.count) bytes, \(rounds) rounds" }

    static let pbkdf2: [Self] = [
        // RFC 6070 section 2, without the case of 16 777 216 rounds; the longest is cut to the first block.
        .pbkdf2(.sha1, "password", "salt", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
        .pbkdf2(.sha1, "password", "salt", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
        .pbkdf2(.sha1, "password", "salt", 4096, "4b007901b765489abead49d926f721d065a429c1"),
        .pbkdf2(
            .sha1, "passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096,
            "3d2eec4fe41c849b80c8d83662c0e44a8b291a96"),
        .pbkdf2(.sha1, "pass\0word", "sa\0lt", 4096, "56fa6aa75548099dcc37d7f03425e0c3"),
        // RFC 7914 section 11, cut to the first block.
        .pbkdf2(.sha256, "passwd", "salt", 1, "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"),
        .pbkdf2(.sha256, "Password", "NaCl", 80000, "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"),
        // `openssl kdf -keylen 64 -kdfopt digest:SHA512 … PBKDF2` of OpenSSL 3.0.19: no RFC has any. Keys of a block, and
        // a byte less and more.
        .pbkdf2(
            .sha512, "password", "salt", 1,
            "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252"
                + "c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce"),
        .pbkdf2(
            .sha512, "password", "salt", 4096,
            "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5"
                + "143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5"),
        .pbkdf2(
            .sha512, digits(127), "salt", 3,
            "ec5b2028d83be76b2a8365da4ea78fe2c5eb12729d74981a7e21dfa5dfb26578"
                + "9bb05f7e6462730f4af91ba9c62ede7c3d5aea52e62d4887583f1f2c5343eca5"),
        .pbkdf2(
            .sha512, digits(128), "salt", 3,
            "c1ae5464c0d3c751dc328dba538c86f7c75355dbc69e366ee37e8da8d0543881"
                + "a10767607a41eb521429dd1c7c1d5fa9e6fb448165e5220e894599e9883e08a1"),
        .pbkdf2(
            .sha512, digits(129), "salt", 3,
            "fd81b7cea80a559bc882a1f9232348f930ccad422722b219287104b4384d0075"
                + "fce359614bba14e29c596f1720c655861d33d813006dd3f849ce99b60f22d196"),
    ]

    static let hmac: [Self] = [
        // RFC 2202 section 3.
        .hmac(.sha1, 0x0b, 20, "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
        .hmac(.sha1, "Jefe", "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        .hmac(
            .sha1, 0xaa, 80, "Test Using Larger Than Block-Size Key - Hash Key First",
            "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
        .hmac(
            .sha1, 0xaa, 80, "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
            "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"),
        // RFC 4231 sections 4.2, 4.3, 4.7 and 4.8.
        .hmac(.sha256, 0x0b, 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        .hmac(
            .sha256, "Jefe", "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        .hmac(
            .sha256, 0xaa, 131, "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        .hmac(.sha256, 0xaa, 131, longer, "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
        .hmac(
            .sha512, 0x0b, 20, "Hi There",
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
                + "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"),
        .hmac(
            .sha512, "Jefe", "what do ya want for nothing?",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"),
        .hmac(
            .sha512, 0xaa, 131, "Test Using Larger Than Block-Size Key - Hash Key First",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
                + "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598"),
        .hmac(
            .sha512, 0xaa, 131, longer,
            "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944"
                + "b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58"),
    ]

    private static let longer =
        "This is a test using a larger than block-size key and a larger than block-size data. "
        + "The key needs to be hashed before being used by the HMAC algorithm."

    private static func digits(_ count: Int) -> String {
        String(String(repeating: "0123456789abcdef", count: 9).prefix(count))
    }

    private static func pbkdf2(
        _ function: KeyDerivation, _ password: String, _ salt: String, _ rounds: Int, _ derived: String
    ) -> Self {
        Self(function: function, key: Array(password.utf8), text: Array(salt.utf8), rounds: rounds, derived: derived)
    }

    private static func hmac(_ function: KeyDerivation, _ key: String, _ message: String, _ derived: String) -> Self {
        Self(function: function, key: Array(key.utf8), text: Array(message.utf8), derived: derived)
    }

    private static func hmac(
        _ function: KeyDerivation, _ byte: UInt8, _ count: Int, _ message: String, _ derived: String
    ) -> Self {
        Self(function: function, key: Array(repeating: byte, count: count), text: Array(message.utf8), derived: derived)
    }
}
