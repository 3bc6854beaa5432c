/// Numbers packed into letters: five bits a digit, the low ones first; the sixth bit says that more follow.
///
/// A text literal costs the compiler nothing, which can't be said of ten thousand integers in an array.
struct PackedNumbers: IteratorProtocol {
    private var digits: String.UTF8View.Iterator

    init(_ text: String) {
        digits = text.utf8.makeIterator()
    }

    mutating func next() -> UInt32? {
        var number: UInt32 = 0
        var shift: UInt32 = 0
        while let digit = digits.next() {
            let value = Self.value(of: digit)
            number |= (value & 31) << shift
            if value < 32 { return number }
            shift += 5
        }
        return nil
    }

    /// Numbers below zero are the odd ones.
    mutating func nextSigned() -> Int64? {
        next().map { $0 & 1 == 0 ? Int64($0 >> 1) : -Int64(($0 + 1) >> 1) }
    }

    private static func value(of digit: UInt8) -> UInt32 {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "-"): 62
        default: 63
        }
    }
}
