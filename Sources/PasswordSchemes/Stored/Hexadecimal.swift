internal import Secrets

/// Hexadecimal digits of either case, as stored digests are written.
enum Hexadecimal {
    private struct Malformed: Error {}

    /// The bytes, or nil if there is an odd number of digits or any other character.
    static func decode(_ text: Span<UInt8>) -> Secret? {
        guard text.count % 2 == 0 else { return nil }
        do throws(Malformed) {
            return try Secret(capacity: text.count / 2) { (output) throws(Malformed) in
                var index = 0
                while index < text.count {
                    guard let high = value(of: text[index]), let low = value(of: text[index + 1]) else {
                        throw Malformed()
                    }
                    output.append(high << 4 | low)
                    index += 2
                }
            }
        } catch {
            return nil
        }
    }

    /// Appends two small-letter digits for each byte.
    static func encode(_ bytes: Span<UInt8>, into text: inout OutputSpan<UInt8>) {
        for index in bytes.indices {
            text.append(digit(bytes[index] >> 4))
            text.append(digit(bytes[index] & 15))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? value + UInt8(ascii: "0") : value - 10 + UInt8(ascii: "a")
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
