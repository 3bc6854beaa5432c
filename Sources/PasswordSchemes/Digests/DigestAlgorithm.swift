package import Secrets

/// The hash functions that unsalted and salted schemes are made of.
package enum DigestAlgorithm: Sendable, Hashable {
    case md4, md5, sha1, sha256, sha384, sha512

    /// Bytes of a digest.
    package var size: Int {
        switch self {
        case .md4, .md5: 16
        case .sha1: SHAFunction.sha1.size
        case .sha256: SHAFunction.sha256.size
        case .sha384: SHAFunction.sha384.size
        case .sha512: SHAFunction.sha512.size
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
        case .sha1: SHADigest.withDigest(of: first, second, by: .sha1, body)
        case .sha256: SHADigest.withDigest(of: first, second, by: .sha256, body)
        case .sha384: SHADigest.withDigest(of: first, second, by: .sha384, body)
        case .sha512: SHADigest.withDigest(of: first, second, by: .sha512, body)
        }
    }
}
