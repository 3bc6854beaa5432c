public import Secrets

/// What a server keeps of a password for CRAM-MD5 (RFC 2195): HMAC-MD5 with the key already taken in.
///
/// It is as good as the password for CRAM-MD5 itself, so it is kept in wiped storage.
public struct CramMD5Context: Sendable {
    /// Bytes of a context.
    public static let size = 32

    let bytes: SharedSecret

    /// Derives the context from a password; cheap.
    public init(password: borrowing Secret) {
        // RFC 2104: a key longer than a block is hashed first.
        let key = password.count > 64 ? password.withBytes { DigestAlgorithm.md5.digest($0) } : password.clone()
        bytes = SharedSecret(
            key.withBytes { key in
                Secret(capacity: Self.size) { output in
                    output.append(words: Self.state(key, mask: 0x5c))
                    output.append(words: Self.state(key, mask: 0x36))
                }
            })
        wipeDeadStack()
    }

    /// The context as Dovecot stores it: MD5's state after the outer key block, then after the inner one, each as
    /// four little-endian words.
    ///
    /// - Returns: nil unless there are 32 bytes.
    public init?(bytes: Span<UInt8>) {
        guard bytes.count == Self.size else { return nil }
        self.bytes = SharedSecret(Secret(copying: bytes))
    }

    /// The state of MD5 after one block of key.
    @inline(never)
    private static func state(_ key: Span<UInt8>, mask: UInt8) -> SIMD4<UInt32> {
        var hash = MD5()
        for index in 0..<64 { hash.append((index < key.count ? key[index] : 0) ^ mask) }
        return hash.state
    }

    /// HMAC-MD5 of a challenge, in 32 small hexadecimal digits: what a client that knows the password sends.
    public func response(to challenge: Span<UInt8>) -> [UInt8] {
        let digest = bytes.withSecret { context in
            context.withBytes { context in
                var inner = MD5(state: Self.words(context, at: 16), blocks: 1)
                inner.update(challenge)
                let innerDigest = Secret(capacity: 16) { $0.append(words: inner.finish()) }
                var outer = MD5(state: Self.words(context, at: 0), blocks: 1)
                innerDigest.withBytes { outer.update($0) }
                return Secret(capacity: 16) { $0.append(words: outer.finish()) }
            }
        }
        let text = digest.withBytes { digest in
            Secret(capacity: 32) { Hexadecimal.encode(digest, into: &$0) }
        }
        return text.withBytes { Array(copying: $0) }
    }

    /// Whether `response`, the 32 digits without the user name, answers the challenge.
    public func accepts(response: Span<UInt8>, to challenge: Span<UInt8>) -> Bool {
        equalInConstantTime(self.response(to: challenge).span, response)
    }

    private static func words(_ bytes: Span<UInt8>, at start: Int) -> SIMD4<UInt32> {
        var words = SIMD4<UInt32>()
        for place in 0..<16 {
            words[place / 4] |= UInt32(bytes[start + place]) << UInt32(place % 4 * 8)
        }
        return words
    }
}
