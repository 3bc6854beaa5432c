/// The escaping of field values: a value may not hold a TAB, LF, CR, NUL or 0x01 as it is.
///
/// 0x01 is followed by a letter that names the byte. An unknown letter stands for itself, as in Dovecot.
public enum TabEscaping {
    static let mark: UInt8 = 0x01

    /// Appends `value`, escaped.
    public static func escape(_ value: Span<UInt8>, into line: inout [UInt8]) {
        var marks = 0
        for index in value.indices where letter(for: value[index]) != nil { marks += 1 }
        line.append(addingCapacity: value.count + marks) { output in
            for index in value.indices {
                if let letter = letter(for: value[index]) {
                    output.append(mark)
                    output.append(letter)
                } else {
                    output.append(value[index])
                }
            }
        }
    }

    /// Appends `value` as UTF-8, escaped.
    public static func escape(_ value: String, into line: inout [UInt8]) {
        escape(value.utf8.span, into: &line)
    }

    /// What stands behind the mark for a byte that may not stand as it is.
    @inline(__always)
    private static func letter(for byte: UInt8) -> UInt8? {
        switch byte {
        case 0x00: UInt8(ascii: "0")
        case mark: UInt8(ascii: "1")
        case UInt8(ascii: "\t"): UInt8(ascii: "t")
        case UInt8(ascii: "\r"): UInt8(ascii: "r")
        case UInt8(ascii: "\n"): UInt8(ascii: "n")
        default: nil
        }
    }

    /// The bytes that an escaped value stands for; a lone mark at the end is dropped, as in Dovecot.
    public static func unescape(_ value: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.count)
        var index = 0
        while index < value.count {
            let byte = value[index]
            index += 1
            guard byte == mark else {
                bytes.append(byte)
                continue
            }
            guard index < value.count else { break }
            switch value[index] {
            case UInt8(ascii: "0"): bytes.append(0x00)
            case UInt8(ascii: "1"): bytes.append(mark)
            case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
            case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
            case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
            case let other: bytes.append(other)
            }
            index += 1
        }
        return bytes
    }
}
