public import Secrets

/// Base64 (RFC 4648 section 4) as Dovecot reads it, decoding straight into wiped storage.
public enum Base64 {
    /// The text is not base64; says nothing of the text, which may be a password.
    private struct Malformed: Error {}

    /// The decoded bytes, or nil if `text` is not base64.
    ///
    /// Blanks, tabs and line ends are skipped anywhere and bits left over in the last character are not looked at,
    /// both as Dovecot does; padding is required.
    public static func decode(_ text: Span<UInt8>) -> Secret? {
        do throws(Malformed) {
            return try Secret(capacity: text.count / 4 * 3 + 3) { (output) throws(Malformed) in
                try decode(text, into: &output)
            }
        } catch {
            return nil
        }
    }

    private static func decode(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) throws(Malformed) {
        var group: UInt32 = 0
        var digits = 0
        var padding = 0
        for index in text.indices {
            let character = text[index]
            if isBlank(character) { continue }
            if character == UInt8(ascii: "=") {
                padding += 1
                // A group is padded only to its full four characters (RFC 4648 section 3.2).
                guard digits >= 2, digits + padding <= 4 else { throw Malformed() }
                continue
            }
            guard padding == 0, let value = value(of: character) else { throw Malformed() }
            group = group << 6 | UInt32(value)
            digits += 1
            if digits == 4 {
                output.append(UInt8(truncatingIfNeeded: group >> 16))
                output.append(UInt8(truncatingIfNeeded: group >> 8))
                output.append(UInt8(truncatingIfNeeded: group))
                group = 0
                digits = 0
            }
        }
        switch digits {
        case 0: break
        case 2 where padding == 2:
            output.append(UInt8(truncatingIfNeeded: group >> 4))
        case 3 where padding == 1:
            output.append(UInt8(truncatingIfNeeded: group >> 10))
            output.append(UInt8(truncatingIfNeeded: group >> 2))
        default:
            throw Malformed()
        }
    }

    /// Appends the base64 form of `bytes`, padded.
    public static func encode(_ bytes: Span<UInt8>, into text: inout [UInt8]) {
        var index = 0
        while index + 2 < bytes.count {
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
            text.append(digit(group >> 18))
            text.append(digit(group >> 12))
            text.append(digit(group >> 6))
            text.append(digit(group))
            index += 3
        }
        switch bytes.count - index {
        case 1:
            let group = UInt32(bytes[index]) << 16
            text.append(digit(group >> 18))
            text.append(digit(group >> 12))
            text.append(UInt8(ascii: "="))
            text.append(UInt8(ascii: "="))
        case 2:
            let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8
            text.append(digit(group >> 18))
            text.append(digit(group >> 12))
            text.append(digit(group >> 6))
            text.append(UInt8(ascii: "="))
        default:
            break
        }
    }

    /// The base64 form of `bytes`, padded.
    public static func encode(_ bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        encode(bytes, into: &text)
        return text
    }

    private static func isBlank(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
        default: false
        }
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }

    private static func digit(_ group: UInt32) -> UInt8 {
        switch UInt8(truncatingIfNeeded: group & 0x3f) {
        case let value where value < 26: value + UInt8(ascii: "A")
        case let value where value < 52: value - 26 + UInt8(ascii: "a")
        case let value where value < 62: value - 52 + UInt8(ascii: "0")
        case 62: UInt8(ascii: "+")
        default: UInt8(ascii: "/")
        }
    }
}
