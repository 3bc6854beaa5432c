internal import Encodings

/// Random bytes for the nonces of one exchange.
public struct ExchangeRandomness: Sendable {
    /// Enough for the 64 characters of Dovecot's SCRAM nonce.
    static let size = 48

    let bytes: [UInt8]

    /// Draws the bytes; `generator` must be fit for cryptography, as `SystemRandomNumberGenerator` is.
    public init(using generator: inout some RandomNumberGenerator) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.size)
        while bytes.count < Self.size {
            var word: UInt64 = generator.next()
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        self.bytes = bytes
    }

    /// The first `count` characters of the bytes' base64 form, at most 64: none of them is a comma, quote or blank.
    func nonce(count: Int) -> [UInt8] {
        Array(Base64.encode(bytes.span).prefix(count))
    }

    /// A number of at most 16 decimal digits.
    var number: UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } % 10_000_000_000_000_000
    }
}
