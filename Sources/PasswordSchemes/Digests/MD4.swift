typealias MD4 = LittleEndianDigest<MD4Compression>

/// RFC 1320 section 3.4.
enum MD4Compression: LittleEndianCompression {
    static func compress(_ state: inout SIMD4<UInt32>, _ words: borrowing InlineArray<16, UInt32>) {
        var a = state[0]
        var b = state[1]
        var c = state[2]
        var d = state[3]
        for step in 0..<48 {
            let mixed: UInt32
            let word: Int
            switch step / 16 {
            case 0: (mixed, word) = (b & c | ~b & d, step)
            case 1: (mixed, word) = ((b & c | b & d | c & d) &+ 0x5a82_7999, step % 4 * 4 + step / 4 % 4)
            default: (mixed, word) = ((b ^ c ^ d) &+ 0x6ed9_eba1, thirdRound[step % 16])
            }
            let sum = a &+ mixed &+ words[word]
            let shift = shifts[step / 16 * 4 + step % 4]
            (a, d, c) = (d, c, b)
            b = sum << shift | sum >> (32 - shift)
        }
        state &+= SIMD4(a, b, c, d)
    }

    private static let shifts: InlineArray<12, UInt32> = [3, 7, 11, 19, 3, 5, 9, 13, 3, 9, 11, 15]
    private static let thirdRound: InlineArray<16, Int> = [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15]
}
