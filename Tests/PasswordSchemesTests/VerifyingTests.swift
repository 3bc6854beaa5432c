import PasswordSchemes
import Secrets
import Testing

@Suite("Checking passwords")
struct VerifyingTests {
    @Test("What follows a NUL byte counts, for every scheme", arguments: PasswordScheme.all)
    func nul(scheme: PasswordScheme) throws {
        let text = try generate(scheme, Array("secret".utf8), GeneratingTests.parameters(for: scheme))
        #expect(try verify("secret", against: text))
        #expect(try !verify("secret\0x", against: text))
        #expect(try !verify("secret\0", against: text))
        #expect(try !verify("\0secret", against: text))
        #expect(try !verify("", against: text))
    }

    @Test("A password that is too long for crypt(3) is a mismatch", arguments: ["CRYPT", "SHA512-CRYPT", "BLF-CRYPT", "MD5-CRYPT", "DES-CRYPT"])
    func long(name: String) throws {
        let scheme = try #require(PasswordScheme(named: name))
        let longest = [UInt8](repeating: 65, count: 511)
        let text = try generate(scheme, longest, GeneratingTests.parameters(for: scheme))
        #expect(try verify(longest, against: text))
        #expect(try !verify(longest + [65], against: text))
        #expect(try !verify([UInt8](repeating: 65, count: 100_000), against: text))
    }

    @Test("Long and binary passwords are taken whole elsewhere", arguments: ["PLAIN.HEX", "SSHA512", "CRAM-MD5", "PBKDF2", "SCRAM-SHA-256", "ARGON2ID", "PLAIN-MD5", "OTP"])
    func binary(name: String) throws {
        let scheme = try #require(PasswordScheme(named: name))
        let password = (0..<2000).map { UInt8(truncatingIfNeeded: $0) }
        let text = try generate(scheme, password, GeneratingTests.parameters(for: scheme))
        #expect(try verify(password, against: text))
        #expect(try !verify(Array(password.dropLast()), against: text))
        #expect(try !verify(password + [0], against: text))
    }

    @Test("The empty password is one like any other", arguments: PasswordScheme.all)
    func empty(scheme: PasswordScheme) throws {
        let text = try generate(scheme, [], GeneratingTests.parameters(for: scheme))
        #expect(try verify("", against: text))
        #expect(try !verify("\0", against: text))
        #expect(try !verify("x", against: text))
    }

    @Test("Cheap schemes need no workspace, costly ones ask for it", arguments: PasswordScheme.all)
    func cost(scheme: PasswordScheme) throws {
        let text = try generate(scheme, Array("secret".utf8), GeneratingTests.parameters(for: scheme))
        let stored = try parse(text)
        switch stored.cost {
        case .cheap:
            #expect(try stored.verifyCheaply("secret"))
            #expect(stored.estimatedCost.time == .zero)
        case .costly:
            let error = #expect(throws: PasswordSchemeError.self) { try stored.verifyCheaply("secret") }
            #expect(error?.code == .needsWorkspace)
            #expect(stored.estimatedCost.time > .zero)
        }
    }

    @Test("A locked field is cheap to refuse")
    func locked() throws {
        let stored = try parse("*", default: .crypt)
        #expect(stored.cost == .cheap)
        #expect(try !stored.verifyCheaply("*"))
    }

    @Test("Memory is read from the stored parameters", arguments: [
        // N = 4096, r = 32: mkpasswd's default; yescrypt(5) gives 16 MiB.
        ("{CRYPT}$y$j9T$abcdefghijkl$x", 16 << 20), ("{CRYPT}$y$jFT$abcdefghijkl$x", 1 << 30),
        // crypt_gensalt("$7$", 6) writes C, N = 16384, r = 32.
        ("{CRYPT}$7$CU..../....abcdefghijk$x", 64 << 20),
        ("{ARGON2ID}$argon2id$v=19$m=262144,t=3,p=1$1yGmretfIaiuLzhzPpIElw$Z40e3RvAAlF4Fa8tI8Pmsm77WCMYQCPk/2Rtymbsriw", 256 << 20),
    ])
    func memory(field: String, bytes: Int) throws {
        let stored = try parse(field)
        #expect((bytes...(bytes + 4096)).contains(stored.estimatedCost.memory))
    }

    @Test("Limits are the caller's", arguments: [
        "{ARGON2ID}$argon2id$v=19$m=1024,t=2,p=1$c29tZXNhbHQ$aGFzaGhhc2g", "{CRYPT}$y$j75$abcdefghijkl$x",
    ])
    func limits(field: String) throws {
        #expect(try !verify([65], against: field, limits: HashingLimits()))
        for limits in [HashingLimits(memory: 1 << 19), HashingLimits(time: .microseconds(10))] {
            let error = #expect(throws: PasswordSchemeError.self) { try verify([65], against: field, limits: limits) }
            #expect(error?.code == .tooCostly)
        }
    }

    @Test("DIGEST-MD5 takes the realm from the login name", arguments: [
        ("tim@example.com", "{DIGEST-MD5}8e4d51861c4228f3adb0a9dfb3a4248b", true), ("tim", "{DIGEST-MD5}f25d5961499446e58f9ee619e69fb2c0", true),
        ("tim", "{DIGEST-MD5}8e4d51861c4228f3adb0a9dfb3a4248b", false), ("tim@", "{DIGEST-MD5}f25d5961499446e58f9ee619e69fb2c0", true),
        ("Tim@example.com", "{DIGEST-MD5}8e4d51861c4228f3adb0a9dfb3a4248b", false),
    ])
    func realm(user: String, field: String, expected: Bool) throws {
        #expect(try verify("correct horse", against: field, user: user) == expected)
    }

    @Test("A workspace serves one hash after the other")
    func reuse() throws {
        var workspace = HashingWorkspace()
        for fixture in FixtureHash.all.filter({ $0.file == "mkpasswd.txt" }).prefix(12) {
            let stored = try parse(fixture.field)
            #expect(try stored.verify(fixture.password, using: &workspace))
            #expect(try !stored.verify([65], using: &workspace))
        }
    }
}
