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
            return try Secret(capacity: room(toDecode: text.count)) { (output) throws(Malformed) in
                try write(text, into: &output)
            }
        } catch {
            return nil
        }
    }

    /// For how many bytes memory must have room that so many characters are decoded into.
    @inlinable
    package static func room(toDecode count: Int) -> Int { count / 4 * 3 + 3 }

    /// Decodes into memory of the caller's, who wipes it, and which has ``room(toDecode:)``.
    ///
    /// - Returns: false if `text` is not base64; what was written up to there has to be wiped as well.
    package static func decode(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) -> Bool {
        do throws(Malformed) {
            try write(text, into: &output)
            return true
        } catch {
            return false
        }
    }

    private static func write(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) throws(Malformed) {
        let start = decodeGroups(text, into: &output)
        var group: UInt32 = 0
        var digits = 0
        var padding = 0
        for index in start..<text.count {
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

    /// Decodes groups of four digits for as long as there is nothing else, which nearly always leaves a few characters.
    ///
    /// - Returns: where it stopped.
    private static func decodeGroups(_ text: Span<UInt8>, into output: inout OutputSpan<UInt8>) -> Int {
        // Every login decodes two texts, so the loop compares places once a group: four characters are there and room
        // for three bytes. The table's 128 bytes live as long as the program, and no pointer leaves the closures.
        let values = unsafe digitValues.utf8Start
        return unsafe text.withUnsafeBufferPointer { text in
            unsafe output.withUnsafeMutableBufferPointer { bytes, count in
                var start = 0
                while start + 4 <= text.count, count + 3 <= bytes.count {
                    let (first, second) = unsafe (text[start], text[start + 1])
                    let (third, fourth) = unsafe (text[start + 2], text[start + 3])
                    guard first | second | third | fourth < 128 else { break }
                    let (one, two) = unsafe (UInt32(values[Int(first)]), UInt32(values[Int(second)]))
                    let (three, four) = unsafe (UInt32(values[Int(third)]), UInt32(values[Int(fourth)]))
                    guard one | two | three | four < 64 else { break }
                    let group = one << 18 | two << 12 | three << 6 | four
                    unsafe bytes[count] = UInt8(truncatingIfNeeded: group >> 16)
                    unsafe bytes[count + 1] = UInt8(truncatingIfNeeded: group >> 8)
                    unsafe bytes[count + 2] = UInt8(truncatingIfNeeded: group)
                    start += 4
                    count += 3
                }
                return start
            }
        }
    }

    /// Appends the base64 form of `bytes`, padded.
    public static func encode(_ bytes: Span<UInt8>, into text: inout [UInt8]) {
        text.append(addingCapacity: (bytes.count + 2) / 3 * 4) { output in
            var index = 0
            while index + 2 < bytes.count {
                let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
                output.append(digit(group >> 18))
                output.append(digit(group >> 12))
                output.append(digit(group >> 6))
                output.append(digit(group))
                index += 3
            }
            switch bytes.count - index {
            case 1:
                let group = UInt32(bytes[index]) << 16
                output.append(digit(group >> 18))
                output.append(digit(group >> 12))
                output.append(UInt8(ascii: "="))
                output.append(UInt8(ascii: "="))
            case 2:
                let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8
                output.append(digit(group >> 18))
                output.append(digit(group >> 12))
                output.append(digit(group >> 6))
                output.append(UInt8(ascii: "="))
            default:
                break
            }
        }
    }

    /// The base64 form of `bytes`, padded.
    public static func encode(_ bytes: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
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
        let value = bits(character)
        return value < 64 ? UInt8(truncatingIfNeeded: value) : nil
    }

    /// What a character stands for, or a number from 64 on.
    @inline(__always)
    private static func bits(_ character: UInt8) -> UInt32 {
        guard character < 128 else { return 64 }
        // The text has 128 bytes, which live as long as the program.
        return unsafe UInt32(digitValues.utf8Start[Int(character)])
    }

    /// One byte for each ASCII character: its value, or DEL.
    private static let digitValues: StaticString = """
        \u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\
        \u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\
        \u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{3e}\u{7f}\u{7f}\u{7f}\u{3f}\
        \u{34}\u{35}\u{36}\u{37}\u{38}\u{39}\u{3a}\u{3b}\u{3c}\u{3d}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\
        \u{7f}\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{9}\u{a}\u{b}\u{c}\u{d}\u{e}\
        \u{f}\u{10}\u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\u{17}\u{18}\u{19}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\
        \u{7f}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f}\u{20}\u{21}\u{22}\u{23}\u{24}\u{25}\u{26}\u{27}\u{28}\
        \u{29}\u{2a}\u{2b}\u{2c}\u{2d}\u{2e}\u{2f}\u{30}\u{31}\u{32}\u{33}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}
        """

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
