/// A scheme's name folded to capital letters and packed into one integer, so that finding one allocates nothing.
struct SchemeName: Hashable, Sendable {
    /// All names are this long at most.
    static let longest = 16

    private var packed: UInt128 = 0

    /// nil if the text is empty, too long for any scheme, or has bytes that no name has.
    init?(_ text: Span<UInt8>) {
        guard 1...Self.longest ~= text.count else { return nil }
        for index in text.indices {
            guard append(text[index]) else { return nil }
        }
    }

    /// For the names in the registry, whose test checks them.
    init(literal: String) {
        for byte in literal.utf8 { _ = append(byte) }
    }

    private mutating func append(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"):
            packed = packed << 8 | UInt128(byte & 0xdf)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            packed = packed << 8 | UInt128(byte)
        default:
            return false
        }
        return true
    }
}
