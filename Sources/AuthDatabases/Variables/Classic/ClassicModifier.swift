/// What a capital letter before a variable does in 2.3.
enum ClassicModifier: Character, Hashable, Sendable {
    case lower = "L"
    case upper = "U"
    case escape = "E"
    case hexadecimal = "X"
    case reverse = "R"
    case hash = "H"
    case newHash = "N"
    case md5 = "M"
    case distinguishedName = "D"
    case trim = "T"

    /// Hashes take the part's width as their modulus and its offset as their least length.
    func apply(to bytes: [UInt8], part: inout ClassicPart) -> [UInt8] {
        switch self {
        case .lower: return bytes.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
        case .upper: return bytes.map { $0 &- UInt8(ascii: "a") < 26 ? $0 & 0xDF : $0 }
        case .escape: return bytes.flatMap { "\"'\\".utf8.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
        case .hexadecimal: return Array(String(Self.number(bytes), radix: 16).utf8)
        case .reverse: return bytes.reversed()
        case .hash: return part.bucket(UInt64(Self.hash(bytes)), bits: 32)
        case .newHash:
            let digest = TemplateDigest.md5.hash(bytes)
            return part.bucket(digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }, bits: 64)
        case .md5: return Array(TemplateDigest.hexadecimal(TemplateDigest.md5.hash(bytes)).utf8)
        case .distinguishedName: return bytes.flatMap { $0 == UInt8(ascii: ".") ? Array(",dc=".utf8) : [$0] }
        case .trim: return Array(bytes.reversed().drop(while: Self.isSpace).reversed())
        }
    }

    /// What is no decimal number, or too large a one, is 0.
    private static func number(_ bytes: [UInt8]) -> UInt64 {
        let isNumber = !bytes.isEmpty && bytes.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
        return isNumber ? UInt64(String(decoding: bytes, as: UTF8.self)) ?? 0 : 0
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }

    /// P. J. Weinberger's hash, as compilers use it for names.
    private static func hash(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(UInt32(0)) { hash, byte in
            let sum = hash << 4 &+ UInt32(byte)
            let top = sum & 0xF000_0000
            return top == 0 ? sum : (sum ^ top >> 24) ^ top
        }
    }
}

/// Which part of a value is taken: `%[OFFSET.][WIDTH]…`.
struct ClassicPart: Hashable, Sendable {
    /// From the end if negative.
    var offset = 0
    /// 0 for all; negative leaves so many characters out at the end.
    var width = 0
    /// The width is the least length instead, filled with zeros.
    var isZeroPadded = false

    mutating func bucket(_ hash: UInt64, bits: Int) -> [UInt8] {
        var hash = hash
        if width != 0 {
            let modulus = bits == 32 ? UInt64(UInt32(truncatingIfNeeded: width)) : UInt64(bitPattern: Int64(width))
            hash %= modulus
            width = 0
        }
        let text = Array(String(UInt32(truncatingIfNeeded: hash), radix: 16).utf8)
        let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, offset - text.count))
        offset = 0
        return zeros + text
    }

    func cut(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var rest = bytes[...]
        if offset < 0 {
            if bytes.count > -offset { rest = rest.suffix(-offset) }
        } else {
            rest = rest.dropFirst(offset)
        }
        if width == 0 { return rest }
        if isZeroPadded { return [UInt8](repeating: UInt8(ascii: "0"), count: max(0, width - rest.count)) + rest }
        if width > 0 { return rest.prefix(width) }
        // Dovecot takes a part that would have a negative length whole.
        return rest.count + width < 0 ? rest : rest.prefix(rest.count + width)
    }
}
