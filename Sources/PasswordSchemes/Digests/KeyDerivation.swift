internal import Crypto
internal import CryptoExtras
// Only for the conformances through which swift-crypto takes raw bytes; it brings the module along anyway.
internal import FoundationEssentials
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

    /// As measured with BoringSSL on a processor with SHA instructions.
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
    ///
    /// The whole loop runs in BoringSSL.
    package func pbkdf2(_ password: Span<UInt8>, salt: Span<UInt8>, rounds: Int) -> Secret? {
        guard 1...Int(UInt32.max) ~= rounds else { return nil }
        let function: KDF.Insecure.PBKDF2.HashFunction =
            switch self {
            case .sha1: .insecureSHA1
            case .sha256: .sha256
            case .sha512: .sha512
            }
        // HMAC fills a short key up with zeros, so no bytes and one zero are the same key; but BoringSSL gets no
        // null pointer this way. The salt is lent with a byte in front for the same reason.
        let key = password.isEmpty ? Secret(capacity: 1) { $0.append(0) } : Secret(copying: password)
        let paddedSalt = Secret(capacity: salt.count + 1) { output in
            output.append(0)
            output.append(copying: salt)
        }
        // The pointers stay inside the closures.
        return unsafe key.withUnsafeBytes { key in
            unsafe paddedSalt.withUnsafeBytes { salt in
                let derived = unsafe try? KDF.Insecure.PBKDF2.deriveKey(
                    from: UnsafeRawBufferPointer(key),
                    salt: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(salt)[1...]),
                    using: function, outputByteCount: size, unsafeUncheckedRounds: rounds)
                guard let derived else { return nil }
                return Self.secret(derived, size: size)
            }
        }
    }

    /// HMAC (RFC 2104).
    package func hmac(key: Span<UInt8>, _ message: Span<UInt8>) -> Secret {
        switch self {
        case .sha1: Self.hmac(key, message, with: Insecure.SHA1.self)
        case .sha256: Self.hmac(key, message, with: SHA256.self)
        case .sha512: Self.hmac(key, message, with: SHA512.self)
        }
    }

    private static func hmac<Function: HashFunction>(
        _ key: Span<UInt8>, _ message: Span<UInt8>, with function: Function.Type
    ) -> Secret {
        // swift-crypto takes no Span; the pointers stay inside the closures.
        unsafe key.withUnsafeBytes { key in
            unsafe message.withUnsafeBytes { message in
                var hmac = unsafe HMAC<Function>(key: SymmetricKey(data: key))
                unsafe hmac.update(data: message)
                return Self.secret(hmac.finalize(), size: Function.Digest.byteCount)
            }
        }
    }

    private static func secret(_ bytes: some ContiguousBytes, size: Int) -> Secret {
        Secret(capacity: size) { output in
            unsafe bytes.withUnsafeBytes { bytes in
                for index in bytes.indices { unsafe output.append(bytes[index]) }
            }
        }
    }
}
