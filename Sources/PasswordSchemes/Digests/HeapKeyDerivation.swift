internal import CryptoExtras
// Only for the conformances through which swift-crypto takes raw bytes; it brings the module along anyway.
internal import FoundationEssentials
internal import Secrets

/// swift-crypto's PBKDF2, whose loop runs in BoringSSL, and HMAC on its hash functions.
enum HeapKeyDerivation {
    static func pbkdf2(_ password: Span<UInt8>, salt: Span<UInt8>, rounds: UInt32, by function: KeyDerivation) -> Secret? {
        let hash: KDF.Insecure.PBKDF2.HashFunction =
            switch function {
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
                    using: hash, outputByteCount: function.size, unsafeUncheckedRounds: Int(rounds))
                guard let derived else { return nil }
                return secret(derived, size: function.size)
            }
        }
    }

    /// swift-crypto's own HMAC leaves what it makes of the key in the heap.
    static func hmac(key: Span<UInt8>, _ message: Span<UInt8>, by function: KeyDerivation) -> Secret {
        let (hash, blockSize) = function.hash
        if key.count > blockSize {
            return digest(key, Span(), by: hash).withBytes { hmac(key: $0, message, by: function) }
        }
        let inner = padded(key, to: blockSize, 0x36).withBytes { digest($0, message, by: hash) }
        return padded(key, to: blockSize, 0x5c).withBytes { outer in
            inner.withBytes { digest(outer, $0, by: hash) }
        }
    }

    private static func digest(_ first: Span<UInt8>, _ second: Span<UInt8>, by hash: SHAFunction) -> Secret {
        Secret(capacity: hash.size) { output in
            HeapDigest.withDigest(of: first, second, by: hash) { output.append(copying: $0) }
        }
    }

    private static func padded(_ key: Span<UInt8>, to size: Int, _ pad: UInt8) -> Secret {
        Secret(capacity: size) { output in
            for index in key.indices { output.append(key[index] ^ pad) }
            while output.count < size { output.append(pad) }
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

extension KeyDerivation {
    /// With the size of its block in bytes.
    fileprivate var hash: (SHAFunction, blockSize: Int) {
        switch self {
        case .sha1: (.sha1, 64)
        case .sha256: (.sha256, 64)
        case .sha512: (.sha512, 128)
        }
    }
}
