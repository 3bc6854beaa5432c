/// The JSON by which a client learns why its token was refused (RFC 7628 section 3.2.2).
struct TokenErrorReport {
    /// `name` and value, both text, in the order of the report.
    private var members: [(name: String, value: String)] = []

    mutating func append(_ name: String, _ value: String) {
        members.append((name, value))
    }

    var json: [UInt8] {
        var text = [UInt8(ascii: "{")]
        for (name, value) in members {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            Self.append(name, to: &text)
            text.append(UInt8(ascii: ":"))
            Self.append(value, to: &text)
        }
        text.append(UInt8(ascii: "}"))
        return text
    }

    /// A string of RFC 8259 section 7.
    private static func append(_ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                text += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, 0x7f:
                text += Array("\\u00".utf8) + [byte].span.hexadecimal
            default:
                text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }
}
