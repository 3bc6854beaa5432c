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
        Secret(capacity: size) { output in
            withDigest(of: first, second) { output.append(copying: $0) }
        }
    }

    package func digest(_ bytes: Span<UInt8>) -> Secret {
        digest(bytes, Span())
    }

    /// Whether `stored` is the digest of the password and a salt, then that salt, of any length.
    package func matches(_ password: Span<UInt8>, _ stored: Span<UInt8>) -> Bool {
        let digest = stored.extracting(0..<size)
        return withDigest(of: password, stored.extracting(size..<stored.count)) { equalInConstantTime($0, digest) }
    }

    /// Lends the digest of the parts one after the other for the length of `body`, without a copy on the heap.
    func withDigest<Result>(
        of first: Span<UInt8>, _ second: Span<UInt8> = Span(), _ body: (Span<UInt8>) -> Result
    ) -> Result {
        defer { wipeDeadStack() }
        return switch self {
        case .md4: MD4.digest(first, second).withBytes(body)
        case .md5: MD5.digest(first, second).withBytes(body)
        case .sha1: Self.withDigest(first, second, by: Insecure.SHA1.self, body)
        case .sha256: Self.withDigest(first, second, by: SHA256.self, body)
        case .sha384: Self.withDigest(first, second, by: SHA384.self, body)
        case .sha512: Self.withDigest(first, second, by: SHA512.self, body)
        }
    }

    /// The longest block, SHA-512's.
    private static let zeros = [UInt8](repeating: 0, count: 128)

    /// Never inlined, so that all of its stack is dead when it returns and ``wipeDeadStack()`` reaches it.
    @inline(never)
    private static func withDigest<Function: HashFunction, Result>(
        _ first: Span<UInt8>, _ second: Span<UInt8>, by function: Function.Type, _ body: (Span<UInt8>) -> Result
    ) -> Result {
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
        return unsafe digest.withUnsafeBytes { body(unsafe Span(_unsafeElements: $0.assumingMemoryBound(to: UInt8.self))) }
    }
}
