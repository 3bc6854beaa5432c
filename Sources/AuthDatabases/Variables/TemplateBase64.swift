internal import Encodings
internal import Secrets

/// Base64 of what templates make; RFC 4648 section 5 for the kind in addresses.
enum TemplateBase64 {
    static func encode(_ bytes: [UInt8], isPadded: Bool = true, isForAddresses: Bool = false) -> String {
        var text: [UInt8] = []
        Base64.encode(bytes.span, into: &text)
        if !isPadded { text = Array(text.prefix { $0 != UInt8(ascii: "=") }) }
        if isForAddresses {
            text = text.map {
                $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ text: [UInt8], isPadded: Bool = true, isForAddresses: Bool = false) -> [UInt8]? {
        var text = text
        if isForAddresses {
            guard !text.contains(UInt8(ascii: "+")), !text.contains(UInt8(ascii: "/")) else { return nil }
            text = text.map {
                $0 == UInt8(ascii: "-") ? UInt8(ascii: "+") : $0 == UInt8(ascii: "_") ? UInt8(ascii: "/") : $0
            }
        }
        if !isPadded { text += [UInt8](repeating: UInt8(ascii: "="), count: (4 - text.count % 4) % 4) }
        guard let decoded = Base64.decode(text.span) else { return nil }
        return decoded.withBytes { span in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(span.count)
            for index in span.indices { bytes.append(span[index]) }
            return bytes
        }
    }
}
