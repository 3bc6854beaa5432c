import PasswordSchemes
import Secrets
import Testing

@Suite("Reading the password field")
struct ParsingTests {
    @Test("Names are found in any case, with suffixes", arguments: [
        ("plain", "PLAIN"), ("SSHA256", "SSHA256"), ("ssha256.hex", "SSHA256.HEX"), ("Sha512-Crypt", "SHA512-CRYPT"),
        ("sha.B64", "SHA.B64"), ("sha.base64", "SHA.BASE64"), ("scram-sha-256", "SCRAM-SHA-256"),
    ])
    func names(text: String, name: String) {
        #expect(PasswordScheme(named: text)?.name == name)
        #expect(scheme(named: Array(text.utf8))?.name == name)
    }

    @Test("What is no name of a scheme is refused", arguments: [
        "", ".", "SHA.", ".HEX", "SHA.HEX.HEX", "SHA.b32", "SHA ", " SHA", "SHA_1", "LANMAN", "RPA", "SKEY",
        "SCRAM-SHA-2560000000000", "PLÄIN", "SHA\0",
    ])
    func noNames(text: String) {
        #expect(PasswordScheme(named: text) == nil)
    }

    @Test("Every scheme is found under its own name, and the registry has no name twice")
    func registry() {
        #expect(Set(PasswordScheme.all.map(\.name)).count == PasswordScheme.all.count)
        for scheme in PasswordScheme.all { #expect(PasswordScheme(named: scheme.name) == scheme) }
    }

    @Test("Aliases are those that share a generator in Dovecot 2.3", arguments: [
        ("SHA", "SHA1", true), ("PLAIN", "CLEARTEXT", true), ("CLEAR", "PLAIN-TRUNC", true), ("CRAM-MD5", "HMAC-MD5", true),
        ("MD5", "MD5-CRYPT", true), ("PLAIN-MD5", "LDAP-MD5.HEX", true), ("CRYPT", "BLF-CRYPT", true),
        ("SHA", "SHA256", false), ("SSHA", "SHA", false), ("SCRAM-SHA-1", "SCRAM-SHA-256", false), ("PLAIN-MD4", "PLAIN-MD5", false),
    ])
    func aliases(first: String, second: String, expected: Bool) throws {
        let (first, second) = try (#require(PasswordScheme(named: first)), #require(PasswordScheme(named: second)))
        #expect(first.isAlias(of: second) == expected)
        #expect(second.isAlias(of: first) == expected)
    }

    @Test("Without a prefix the data are the default scheme's", arguments: [
        ("correct horse", "PLAIN"), ("{correct horse", "PLAIN"), ("L55TUjtiq8FBorTWAZ0jy6g129A=", "SHA"),
        ("$2y$05$6hXxpWOfdv96b1p8/zYQqOX/lLju/ZE.dkyDSpZ1Uh2xsdprm3bpC", "CRYPT"),
        ("3cb4e732631f47e6eb961f34554b7cde", "MD5"), ("3cb4e732631f47e6eb961f34554b7cde", "PLAIN-MD5"),
    ])
    func defaults(data: String, name: String) throws {
        let scheme = try #require(PasswordScheme(named: name))
        let password = data.hasPrefix("{") ? "{correct horse" : "correct horse"
        #expect(try parse(data, default: scheme).scheme == scheme)
        #expect(try verify(password, against: data, default: scheme))
    }

    @Test("$1$ text without a prefix is MD5-CRYPT up to its third dollar sign, whatever the default")
    func bareMD5Crypt() throws {
        let hash = "$1$vu2p4LJi$zusmzPkqnKcahDpLRADdQ."
        #expect(try verify("correct horse", against: hash, default: .plain))
        #expect(try verify("correct horse", against: hash + "$ignored", default: .plain))
        #expect(try verify("$1$x", against: "$1$x", default: .plain), "no third dollar sign: data of the default scheme")
    }

    @Test("Hexadecimal and base64 are told apart by length where the size is fixed", arguments: [
        "{SHA}2f9e53523b62abc141a2b4d6019d23cba835dbd0", "{SHA}2F9E53523B62ABC141A2B4D6019D23CBA835DBD0",
        "{PLAIN-MD5}PLTnMmMfR+brlh80VUt83g==", "{LDAP-MD5}3cb4e732631f47e6eb961f34554b7cde",
        "{MD5}PLTnMmMfR+brlh80VUt83g==", "{CRAM-MD5}OLV/0aDEtGyBSqBfIDGO3XHEVTgGVfLArDXFs1lSjSk=",
        "{PLAIN.B64}Y29ycmVjdCBob3JzZQ==", "{PLAIN.HEX}636f727265637420686f727365",
    ])
    func recognition(field: String) throws {
        #expect(try verify("correct horse", against: field))
    }

    @Test("PLAIN-TRUNC compares as many bytes as were kept", arguments: [
        ("3-abc", "abc", true), ("3-abc", "abcdef", true), ("3-abc", "ab", false), ("3-abc", "abd", false),
        ("4-abc", "abc", true), ("4-abc", "abcd", false), ("2-abc", "abc", true), ("2-abc", "ab", false), ("3-a-c", "a-c", true),
    ])
    func truncated(data: String, password: String, expected: Bool) throws {
        #expect(try verify(password, against: "{PLAIN-TRUNC}\(data)") == expected)
    }

    @Test("An unknown scheme is named, unless it may be part of a password", arguments: [
        ("{XYZ}data", "XYZ"), ("{lanman}data", "lanman"), ("{}data", "?"), ("{my secret}data", "?"), ("{a:b}c", "?"),
        ("{abcdefghijklmnopqrstuvwxyzabcdefghijk}", "?"), ("{SHA.b32}x", "SHA.b32"),
    ])
    func unknown(field: String, shown: String) {
        let error = #expect(throws: PasswordSchemeError.self) { try verify("data", against: field) }
        #expect(error?.code == .unknownScheme)
        #expect(error?.description == "Unknown scheme \(shown)")
    }

    @Test("Weak are the schemes that Dovecot 2.4 marks so")
    func weakSchemes() {
        let weak = PasswordScheme.all.filter(\.isWeak).map(\.name)
        #expect(
            Set(weak) == [
                "MD5-CRYPT", "MD5", "DES-CRYPT", "SMD5", "LDAP-MD5", "PLAIN-MD5", "PLAIN-MD4", "HMAC-MD5",
                // Gone in 2.4, and nothing but MD4.
                "NTLM",
            ])
    }

    @Test("CRYPT data are weak if they are DES or MD5", arguments: [
        ("{CRYPT}ab/1cd2ef3gh4", true), ("{CRYPT}$1$vu2p4LJi$zusmzPkqnKcahDpLRADdQ.", true), ("{CRYPT}_J9..rasmBYk8r9AiWNc", true),
        ("{SHA512-CRYPT}ab/1cd2ef3gh4", true), ("{CRYPT}*LK*", false), ("{CRYPT}", false), ("{DES-CRYPT}!", false), ("{CRYPT}$5$salt$x", false), ("{CRYPT}$y$j9T$salt$x", false), ("{SHA512-CRYPT}$6$salt$x", false), ("{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=", false),
    ])
    func weakData(field: String, expected: Bool) throws {
        #expect(try parse(field).isWeak == expected)
    }
}
