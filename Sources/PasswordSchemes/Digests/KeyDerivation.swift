package import Secrets

/// PBKDF2 and HMAC over the functions that PBKDF2 and SCRAM records use.
package enum KeyDerivation: Sendable, Hashable {
    case sha1
    case sha256
    case sha512

    /// Bytes of a key, which are those of a digest.
    package var size: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    package var digest: DigestAlgorithm {
        switch self {
        case .sha1: .sha1
        case .sha256: .sha256
        case .sha512: .sha512
        }
    }

    /// A round was measured to take 75 ns with SHA-1 and 80 with SHA-256 on a processor with SHA instructions, 140 and 250
    /// on the same without them, and 300 with SHA-512.
    func cost(rounds: Int) -> HashingCost {
        HashingCost(units: Double(rounds), nanoseconds: 150)
    }

    /// Whether HMAC would take the password for another one: it fills a key up with zeros, so `secret` and `secret\0`
    /// are the same key to it.
    static func isAmbiguous(_ password: borrowing Secret) -> Bool {
        password.withBytes { 1...64 ~= $0.count && $0[$0.count - 1] == 0 }
    }

    /// For a new hash of an ambiguous password.
    static func ambiguousPassword(_ scheme: PasswordScheme) -> PasswordSchemeError {
        PasswordSchemeError(.unsuitablePassword, scheme, "the password may not end in a NUL byte")
    }

    /// PBKDF2 (RFC 8018), one block; nil if the rounds are none or more than 32 bits hold.
    package func pbkdf2(_ password: Span<UInt8>, salt: Span<UInt8>, rounds: Int) -> Secret? {
        guard 1...Int(UInt32.max) ~= rounds else { return nil }
        defer { wipeDeadStack() }
        return SHAKeyDerivation.pbkdf2(password, salt: salt, rounds: UInt32(rounds), by: self)
    }

    /// HMAC (RFC 2104).
    package func hmac(key: Span<UInt8>, _ message: Span<UInt8>) -> Secret {
        defer { wipeDeadStack() }
        return SHAKeyDerivation.hmac(key: key, message, by: self)
    }
}
