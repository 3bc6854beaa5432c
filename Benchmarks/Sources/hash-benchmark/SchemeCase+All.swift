import HashReferences
import PasswordSchemes

extension SchemeCase {
    /// How one line is made; hashing happens only for those that are asked for.
    struct Plan: Sendable {
        let title: String
        let requirement: Requirement?
        let make: @Sendable () throws -> SchemeCase

        init(
            _ title: String, _ name: String, _ parameters: HashingParameters,
            _ reading: Reading, _ requirement: Requirement? = nil
        ) {
            self.title = title
            self.requirement = requirement
            make = { try SchemeCase(title, name, parameters, reading) }
        }

        init(_ title: String, make: @escaping @Sendable (String) throws -> SchemeCase) {
            self.title = title
            requirement = nil
            self.make = { try make(title) }
        }
    }

    /// What issue 3 asks of a scheme.
    enum Requirement: Sendable {
        /// Under two microseconds and nothing left on the heap.
        case cheap
        /// At least 95 % of the bare function's rate on all cores.
        case costly
    }

    static let plans = cheap + costly

    private static let cheap = [
        Plan("PLAIN", "PLAIN", .plain, .cheap),
        Plan("SHA1", "SHA1", .digest(HASH_SHA1, size: 20), .cheap),
        Plan("SHA256", "SHA256", .digest(HASH_SHA256, size: 32), .cheap),
        Plan("SHA512", "SHA512", .digest(HASH_SHA512, size: 64), .cheap),
        Plan("SSHA", "SSHA", .digest(HASH_SHA1, size: 20), .cheap),
        Plan("SSHA256", "SSHA256", .digest(HASH_SHA256, size: 32), .cheap),
        Plan("SSHA512", "SSHA512", .digest(HASH_SHA512, size: 64), .cheap),
        Plan("SMD5", "SMD5", .digest(HASH_MD5, size: 16), .cheap),
        Plan("PLAIN-MD5", "PLAIN-MD5", .digest(HASH_MD5, size: 16), .cheap),
        Plan("LDAP-MD5", "LDAP-MD5", .digest(HASH_MD5, size: 16), .cheap),
        Plan("PLAIN-MD4", "PLAIN-MD4", .digest(HASH_MD4, size: 16), .cheap),
        Plan("NTLM", "NTLM", .digest(HASH_MD4_UTF16, size: 16), .cheap),
        Plan("CRAM-MD5", "CRAM-MD5", .digest(HASH_CRAM_MD5, size: 32), .cheap),
        Plan("DIGEST-MD5", "DIGEST-MD5", .user, .cheap),
    ]

    private static let costly = [
        Plan("SHA512-CRYPT, 5000 rounds", "SHA512-CRYPT", .text(HASH_CRYPT), .costly),
        Plan("BLF-CRYPT, cost 8", "BLF-CRYPT", HashingParameters(rounds: 8), .text(HASH_CRYPT), .costly),
        crypt("yescrypt", .yescrypt, .costly),
        Plan("SHA256-CRYPT, 5000 rounds", "SHA256-CRYPT", .text(HASH_CRYPT)),
        Plan("BLF-CRYPT, cost 5", "BLF-CRYPT", HashingParameters(rounds: 5), .text(HASH_CRYPT)),
        Plan("BLF-CRYPT, cost 10", "BLF-CRYPT", HashingParameters(rounds: 10), .text(HASH_CRYPT)),
        Plan("MD5-CRYPT", "MD5-CRYPT", .text(HASH_CRYPT)),
        Plan("DES-CRYPT", "DES-CRYPT", .text(HASH_CRYPT)),
        crypt("gost-yescrypt", .gostYescrypt),
        crypt("scrypt", .scrypt),
        crypt("sha1crypt", .sha1),
        crypt("SunMD5", .sunMD5),
        crypt("bsdicrypt", .bsdi),
        crypt("NT", .nt),
        Plan("ARGON2I, 64 MiB, 3 passes", "ARGON2I", .text(HASH_ARGON2)),
        Plan("ARGON2ID, 64 MiB, 3 passes", "ARGON2ID", .text(HASH_ARGON2)),
        Plan("PBKDF2, 5000 rounds", "PBKDF2", .pbkdf2),
        Plan("SCRAM-SHA-1, 4096 rounds", "SCRAM-SHA-1", .scram(HASH_SCRAM_SHA1)),
        Plan("SCRAM-SHA-256, 4096 rounds", "SCRAM-SHA-256", .scram(HASH_SCRAM_SHA256)),
        Plan("SCRAM-SHA-512, 4096 rounds") { try SchemeCase($0, .sha512, rounds: 4096, HASH_SCRAM_SHA512) },
        Plan("OTP", "OTP", .none),
    ]

    private static func crypt(_ title: String, _ method: CryptMethod, _ requirement: Requirement? = nil) -> Plan {
        Plan("CRYPT \(title)", "CRYPT", HashingParameters(cryptMethod: method), .text(HASH_CRYPT), requirement)
    }
}

extension SchemeCase.Plan {
    init(_ title: String, _ name: String, _ reading: SchemeCase.Reading, _ requirement: SchemeCase.Requirement? = nil) {
        self.init(title, name, HashingParameters(), reading, requirement)
    }
}
