import PasswordSchemes
import Secrets
import Testing

@Suite("Hashes that we make")
struct GeneratingTests {
    static let passwords = ["correct horse", "pässwörd {}$:,=!*", "x"]

    /// Cheap enough for a test of all schemes.
    static func parameters(for scheme: PasswordScheme) -> HashingParameters {
        switch scheme.name {
        case "ARGON2", "ARGON2I", "ARGON2ID": HashingParameters(memory: 64)
        case "BLF-CRYPT": HashingParameters(rounds: 4)
        case "CRYPT": HashingParameters(rounds: 1)
        case "SHA256-CRYPT", "SHA512-CRYPT": HashingParameters(rounds: 1000)
        default: HashingParameters()
        }
    }

    @Test("Our own verification accepts what every scheme generates, for that password only", arguments: PasswordScheme.all)
    func roundTrip(scheme: PasswordScheme) throws {
        for password in Self.passwords {
            let text = try generate(scheme, Array(password.utf8), Self.parameters(for: scheme))
            #expect(text.hasPrefix("{\(scheme.name)}"))
            #expect(try verify(password, against: text))
            #expect(try !verify("y" + password, against: text))
        }
    }

    @Test("Encoding suffixes are written and read back", arguments: ["SSHA.HEX", "SHA256.b64", "PLAIN.hex", "CRAM-MD5.BASE64"])
    func suffixes(name: String) throws {
        let scheme = try #require(PasswordScheme(named: name))
        let text = try generate(scheme, Array("correct horse".utf8))
        #expect(text.hasPrefix("{\(name.uppercased())}"))
        #expect(try verify("correct horse", against: text))
    }

    @Test(
        "doveadm pw -t accepts what every scheme generates",
        .enabled(if: Doveadm.isInstalled, "doveadm (package dovecot-core) is not installed"),
        arguments: PasswordScheme.all.filter { !["ARGON2", "NTLM"].contains($0.name) })
    func doveadm(scheme: PasswordScheme) throws {
        // ARGON2 came with Dovecot 2.4 and NTLM went with 2.3; 2.3.19 knows neither name.
        for password in Self.passwords {
            let text = try generate(scheme, Array(password.utf8), Self.parameters(for: scheme))
            #expect(Doveadm.accepts(text, password: password, user: "tim@example.com"), "\(text)")
            #expect(!Doveadm.accepts(text, password: "y" + password, user: "tim@example.com"), "\(text)")
        }
    }

    @Test(
        "doveadm pw -t accepts {CRYPT} of every kind", .enabled(if: Doveadm.isInstalled, "doveadm is not installed"),
        arguments: CryptMethod.allCases)
    func doveadmCrypt(method: CryptMethod) throws {
        let rounds: Int? =
            switch method {
            case .yescrypt, .gostYescrypt: 1
            case .scrypt: 6
            case .bcrypt: 4
            default: nil
            }
        let text = try generate(
            .crypt, Array("correct horse".utf8), HashingParameters(rounds: rounds, cryptMethod: method))
        #expect(try verify("correct horse", against: text))
        #expect(Doveadm.accepts(text, password: "correct horse", user: "tim"), "\(text)")
    }

    @Test("A given salt gives the same hash as the reference tool", arguments: [
        // htpasswd, mkpasswd -S, doveadm and argon2 wrote these; see Fixtures.
        ("SHA256-CRYPT", 5000, "Bhssa.y2AnRvyoy3", "{SHA256-CRYPT}$5$Bhssa.y2AnRvyoy3$567LU5hl2a/JiMa60HbMYA/nzfaOZB9sAuiwRvLsLIB"),
        ("SHA512-CRYPT", 1000, "gMua9CmiEHvl5hpP", "{SHA512-CRYPT}$6$rounds=1000$gMua9CmiEHvl5hpP$pZCvp4Hxvb7GDC.DCuG/OblM6vIAthqLD1s19mlOAdG3tJxxQzXUcM8NAj8IRUvVhcoWPHc.rK1OwVvP3RWze."),
        ("MD5-CRYPT", nil, "vu2p4LJi", "{MD5-CRYPT}$1$vu2p4LJi$zusmzPkqnKcahDpLRADdQ."),
        ("DES-CRYPT", nil, "Wd", "{DES-CRYPT}WdwT6Rybz57HA"),
        ("PBKDF2", 5000, "9WwrmD5uVnvfHvbt", "{PBKDF2}$1$9WwrmD5uVnvfHvbt$5000$d12b884ffc5bad0f147b6459681abc34603ef9ce"),
    ] as [(String, Int?, String, String)])
    func givenSalt(name: String, rounds: Int?, salt: String, expected: String) throws {
        let scheme = try #require(PasswordScheme(named: name))
        let parameters = HashingParameters(rounds: rounds, salt: Array(salt.utf8))
        #expect(try generate(scheme, Array("correct horse".utf8), parameters) == expected)
    }

    @Test("Two hashes of one password differ, since the salt is random", arguments: [
        "SSHA", "SSHA256", "SMD5", "CRYPT", "SHA512-CRYPT", "PBKDF2", "SCRAM-SHA-256", "ARGON2ID", "OTP",
    ])
    func randomSalt(name: String) throws {
        let scheme = try #require(PasswordScheme(named: name))
        let parameters = Self.parameters(for: scheme)
        #expect(try generate(scheme, [65], parameters) != generate(scheme, [65], parameters))
    }

    @Test("Parameters that a scheme does not allow are refused", arguments: [
        ("SHA512-CRYPT", HashingParameters(rounds: 999)),
        ("SHA512-CRYPT", HashingParameters(rounds: -1)),
        ("SHA512-CRYPT", HashingParameters(salt: Array("with$dollar".utf8))),
        ("SHA512-CRYPT", HashingParameters(salt: [])),
        ("BLF-CRYPT", HashingParameters(rounds: 32)),
        ("BLF-CRYPT", HashingParameters(rounds: 3)),
        ("BLF-CRYPT", HashingParameters(rounds: -5)),
        ("CRYPT", HashingParameters(rounds: 12)),
        ("DES-CRYPT", HashingParameters(salt: Array("abc".utf8))),
        ("PBKDF2", HashingParameters(rounds: 0)),
        ("PBKDF2", HashingParameters(salt: Array("a$b".utf8))),
        ("SCRAM-SHA-1", HashingParameters(rounds: 4095)),
        ("ARGON2ID", HashingParameters(rounds: 0)),
        ("ARGON2ID", HashingParameters(memory: 7)),
        ("ARGON2ID", HashingParameters(memory: 64, salt: Array("short".utf8))),
        ("SSHA", HashingParameters(salt: [])),
        ("OTP", HashingParameters(rounds: 0)),
    ])
    func refusedParameters(name: String, parameters: HashingParameters) throws {
        let scheme = try #require(PasswordScheme(named: name))
        let error = #expect(throws: PasswordSchemeError.self) { try generate(scheme, [65], parameters) }
        #expect(error?.code == .unsuitableParameter)
    }

    @Test("A new hash above the limits is refused before it is computed", arguments: [
        ("SHA512-CRYPT", HashingParameters(rounds: 999_999_999)), ("BLF-CRYPT", HashingParameters(rounds: 31)),
        ("PBKDF2", HashingParameters(rounds: 4_000_000_000)), ("SCRAM-SHA-256", HashingParameters(rounds: 2_000_000_000)),
        ("ARGON2ID", HashingParameters(memory: 4_000_000)), ("ARGON2ID", HashingParameters(rounds: 4_000_000_000)),
    ])
    func tooCostly(name: String, parameters: HashingParameters) throws {
        let scheme = try #require(PasswordScheme(named: name))
        let error = #expect(throws: PasswordSchemeError.self) { try generate(scheme, [65], parameters) }
        #expect(error?.code == .tooCostly)
    }

    @Test("crypt(3) schemes refuse a password that they would cut", arguments: ["CRYPT", "BLF-CRYPT", "SHA512-CRYPT", "MD5"])
    func unsuitable(name: String) throws {
        let scheme = try #require(PasswordScheme(named: name))
        for password in [[65, 0, 66], [UInt8](repeating: 65, count: 512)] {
            let error = #expect(throws: PasswordSchemeError.self) {
                try generate(scheme, password, Self.parameters(for: scheme))
            }
            #expect(error?.code == .unsuitablePassword)
        }
    }

    @Test("HMAC schemes refuse a password that ends in NUL", arguments: ["CRAM-MD5", "HMAC-MD5", "PBKDF2", "SCRAM-SHA-1", "SCRAM-SHA-256"])
    func ambiguous(name: String) throws {
        let scheme = try #require(PasswordScheme(named: name))
        let error = #expect(throws: PasswordSchemeError.self) { try generate(scheme, [65, 0]) }
        #expect(error?.code == .unsuitablePassword)
        // A key longer than a block is hashed, not filled up.
        let long = [UInt8](repeating: 65, count: 64) + [0]
        #expect(try verify(long, against: generate(scheme, long)))
    }

    @Test("DIGEST-MD5 asks for the user, NTLM for UTF-8")
    func needs() throws {
        let (digest, ntlm) = try (
            #require(PasswordScheme(named: "DIGEST-MD5")), #require(PasswordScheme(named: "NTLM"))
        )
        let noUser = #expect(throws: PasswordSchemeError.self) { try generate(digest, [65], user: "") }
        #expect(noUser?.code == .needsUser)
        let noText = #expect(throws: PasswordSchemeError.self) { try generate(ntlm, [0xff]) }
        #expect(noText?.code == .unsuitablePassword)
    }
}
