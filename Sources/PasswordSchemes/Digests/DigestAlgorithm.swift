internal import Crypto
// Only for ContiguousBytes, by which a digest lends its bytes; swift-crypto brings it along anyway.
internal import FoundationEssentials
package import Secrets

/// The hash functions that unsalted and salted schemes are made of.
package enum DigestAlgorithm: Sendable, Hashable {
    case md4, md5, sha1, sha256, sha384, sha512

    /// Bytes of a digest.
    package var size: Int {
        switch self {
        case .md4, .md5: 16
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// The digest of the parts one after the other.
    package func digest(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Secret {
        defer { wipeDeadStack() }
        return switch self {
        case .md4: MD4.digest(first, second)
        case .md5: MD5.digest(first, second)
        case .sha1: Self.digest(first, second, with: Insecure.SHA1.self)
        case .sha256: Self.digest(first, second, with: SHA256.self)
        case .sha384: Self.digest(first, second, with: SHA384.self)
        case .sha512: Self.digest(first, second, with: SHA512.self)
        }
    }

    package func digest(_ bytes: Span<UInt8>) -> Secret {
        digest(bytes, Span())
    }

    /// The longest block, SHA-512's.
    private static let zeros = [UInt8](repeating: 0, count: 128)

    private static func digest<Function: HashFunction>(
        _ first: Span<UInt8>, _ second: Span<UInt8>, with function: Function.Type
    ) -> Secret {
        var hash = Function()
        // The pointers stay inside the closures; swift-crypto takes no Span.
        unsafe first.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        unsafe second.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        let digest = hash.finalize()
        // swift-crypto 4.5.2 means to wipe its context but clears the size of a metatype only, so the end of the
        // password stays on the heap. One block more pushes it out of the context.
        unsafe Self.zeros.withUnsafeBytes { zeros in
            unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: zeros.prefix(Function.blockByteCount)))
        }
        return Secret(capacity: Function.Digest.byteCount) { output in
            unsafe digest.withUnsafeBytes { bytes in
                for index in bytes.indices { unsafe output.append(bytes[index]) }
            }
        }
    }
}
