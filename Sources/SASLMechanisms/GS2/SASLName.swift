/// A name between commas: `,` is written `=2C` and `=` is written `=3D` (RFC 5801 section 4, RFC 5802 section 5.1).
enum SASLName {
    /// The name, or nil if an equals sign stands for anything else, or it isn't UTF-8, or too long.
    static func decode(_ text: ArraySlice<UInt8>) -> String? {
        var name: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                name.append(byte)
                continue
            }
            // RFC 5801 section 4 has capitals only.
            switch (rest.popFirst(), rest.popFirst()) {
            case (UInt8(ascii: "2"), UInt8(ascii: "C")): name.append(UInt8(ascii: ","))
            case (UInt8(ascii: "3"), UInt8(ascii: "D")): name.append(UInt8(ascii: "="))
            default: return nil
            }
        }
        return name.name
    }

    static func encode(_ name: String) -> [UInt8] {
        var text: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: ","): text += Array("=2C".utf8)
            case UInt8(ascii: "="): text += Array("=3D".utf8)
            default: text.append(byte)
            }
        }
        return text
    }
}
