/// The base-64 digits of crypt(3), which are not those of RFC 4648.
enum CryptDigits {
    static func value(of digit: UInt8) -> UInt32? {
        switch digit {
        case UInt8(ascii: "."): 0
        case UInt8(ascii: "/"): 1
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 2
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A")) + 12
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 38
        default: nil
        }
    }

    /// A number of `count` digits, the least significant first.
    static func fixedNumber(_ text: Span<UInt8>, at start: Int, digits count: Int) -> UInt32? {
        guard start + count <= text.count else { return nil }
        var number: UInt32 = 0
        for place in 0..<count {
            guard let digit = value(of: text[start + place]) else { return nil }
            number |= digit << UInt32(place * 6)
        }
        return number
    }

    /// One of yescrypt's numbers, whose first digit says how many follow; moves `index` behind it.
    static func variableNumber(_ text: Span<UInt8>, at index: inout Int, least: UInt32) -> UInt32? {
        guard index < text.count, let first = value(of: text[index]) else { return nil }
        index += 1
        var start: UInt32 = 0
        var end: UInt32 = 47
        var digits = 1
        var bits: UInt32 = 0
        var number = least
        while first > end {
            number &+= (end + 1 - start) << bits
            start = end + 1
            end = start + (62 - end) / 2
            digits += 1
            bits += 6
        }
        number &+= (first - start) << bits
        while digits > 1 {
            guard index < text.count, let digit = value(of: text[index]) else { return nil }
            index += 1
            digits -= 1
            bits -= 6
            number &+= digit << bits
        }
        return number
    }
}
