internal import Secrets

/// The inner step of MD4 or MD5.
protocol LittleEndianCompression {
    static func compress(_ state: inout SIMD4<UInt32>, _ words: borrowing InlineArray<16, UInt32>)
}

/// MD4 or MD5 (RFC 1320, RFC 1321): both differ in one function only.
///
/// swift-crypto has MD5 but hides the state in the middle, of which a CRAM-MD5 context consists, and has no MD4.
struct LittleEndianDigest<Function: LittleEndianCompression>: ~Copyable {
    private(set) var state = SIMD4<UInt32>(0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476)
    private var words = InlineArray<16, UInt32>(repeating: 0)
    private var count: UInt64 = 0

    init() {}

    /// Goes on from a state that was reached after `blocks` whole blocks of 64 bytes.
    init(state: SIMD4<UInt32>, blocks: UInt64) {
        self.state = state
        count = blocks * 64
    }

    mutating func update(_ bytes: Span<UInt8>) {
        for index in bytes.indices { append(bytes[index]) }
    }

    mutating func append(_ byte: UInt8) {
        let place = Int(count & 63)
        words[place / 4] |= UInt32(byte) << UInt32(place % 4 * 8)
        count &+= 1
        if place == 63 { compress() }
    }

    private mutating func compress() {
        Function.compress(&state, words)
        // The words are part of a password. Plain zeros would be optimised away in the last round.
        unsafe withUnsafeMutableBytes(of: &words) { unsafe wipe($0) }
    }

    /// The state after padding: the digest as four little-endian words.
    mutating func finish() -> SIMD4<UInt32> {
        let bits = count &* 8
        append(0x80)
        if count & 63 > 56 || count & 63 == 0 {
            while count & 63 != 0 { append(0) }
        }
        words[14] = UInt32(truncatingIfNeeded: bits)
        words[15] = UInt32(truncatingIfNeeded: bits >> 32)
        compress()
        return state
    }

    /// The digest of the parts one after the other.
    ///
    /// Never inlined, so that all of its stack is dead when it returns and ``wipeDeadStack()`` reaches it.
    @inline(never)
    static func digest(_ first: Span<UInt8>, _ second: Span<UInt8>) -> Secret {
        var hash = Self()
        hash.update(first)
        hash.update(second)
        let state = hash.finish()
        return Secret(capacity: 16) { $0.append(words: state) }
    }
}

extension OutputSpan<UInt8> {
    mutating func append(words: SIMD4<UInt32>) {
        for index in words.indices {
            for place in 0..<4 {
                append(UInt8(truncatingIfNeeded: words[index] >> UInt32(place * 8)))
            }
        }
    }
}
