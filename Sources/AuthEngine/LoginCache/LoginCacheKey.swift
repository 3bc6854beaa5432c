internal import PasswordSchemes
internal import Secrets

/// The key of a ``LoginCache``: HMAC-SHA-256's (RFC 2104), as the two blocks that are hashed before the message and before
/// the digest, in a page that is never swapped nor dumped, and wiped at the end.
struct LoginCacheKey: ~Copyable, Sendable {
    private let pads: SecretPages
    private static let block = 64

    /// Whether its page never goes to swap.
    var isLocked: Bool { pads.isLocked }

    /// - Returns: nil if there is no memory for it.
    init?(using generator: inout some RandomNumberGenerator) {
        guard var pads = SecretPages(count: 2 * Self.block, locked: true) else { return nil }
        // Both halves lie within the page.
        unsafe pads.withMutableBytes { pads in
            for offset in 0..<Self.block {
                // A key of a block's length is taken as it is.
                let byte = UInt8.random(in: .min ... .max, using: &generator)
                unsafe pads[offset] = byte ^ 0x36
                unsafe pads[Self.block + offset] = byte ^ 0x5c
            }
        }
        self.pads = pads
    }

    /// The first half of the message's HMAC.
    func trace(_ message: Span<UInt8>) -> LoginCache.Trace {
        unsafe pads.withBytes { pads in
            // The spans end within the closure, and the page outlives it.
            let bytes = unsafe Span<UInt8>(_unsafeBytes: pads)
            let inner = DigestAlgorithm.sha256.digest(bytes.extracting(0..<Self.block), message)
            let outer = inner.withBytes {
                DigestAlgorithm.sha256.digest(bytes.extracting(Self.block..<2 * Self.block), $0)
            }
            return outer.withBytes { digest in
                var trace = LoginCache.Trace()
                for index in 0..<16 { trace[index / 8] = trace[index / 8] << 8 | UInt64(digest[index]) }
                return trace
            }
        }
    }
}
