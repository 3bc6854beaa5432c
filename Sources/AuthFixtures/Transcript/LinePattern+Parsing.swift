internal import Encodings

extension LinePattern {
    /// Why a text is no pattern.
    struct Malformed: Error {
        let reason: String
    }

    /// Reads the text behind `C: ` or `S: `.
    ///
    /// - `⇥` or `\t` is a TAB; `\r`, `\n`, `\0`, `\xHH`, `\\`, `\{` are what they look like.
    /// - `{number}`, `{hex}`, `{field}`, `{any}` are gaps.
    /// - `{base64:…}` is the base64 form of its text, in which the escapes count as well.
    init(parsing text: String) throws(Malformed) {
        var pieces: [Piece] = []
        var literal: [UInt8] = []
        var rest = Substring(text)
        while let character = rest.popFirst() {
            if character == "{" {
                guard let end = rest.firstIndex(of: "}") else { throw Malformed(reason: "there is a { without a }") }
                let word = rest[..<end]
                rest = rest[rest.index(after: end)...]
                if word.hasPrefix("base64:") {
                    let plain = try Self.bytes(word.dropFirst(7))
                    Base64.encode(plain.span, into: &literal)
                    continue
                }
                let gap = try Self.gap(word)
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = []
                pieces.append(gap)
            } else {
                try Self.append(character, &rest, to: &literal)
            }
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        self.init(pieces: pieces, description: text)
    }

    private static func gap(_ word: Substring) throws(Malformed) -> Piece {
        switch word {
        case "number": return .number
        case "hex": return .hex
        case "field": return .field
        case "any": return .any
        default:
            throw Malformed(reason: "{\(word)} is unknown: there are {number}, {hex}, {field}, {any} and {base64:…}")
        }
    }

    private static func bytes(_ text: Substring) throws(Malformed) -> [UInt8] {
        var rest = text
        var bytes: [UInt8] = []
        while let character = rest.popFirst() { try append(character, &rest, to: &bytes) }
        return bytes
    }

    private static func append(
        _ character: Character, _ rest: inout Substring, to bytes: inout [UInt8]
    ) throws(Malformed) {
        if character == "⇥" { return bytes.append(UInt8(ascii: "\t")) }
        guard character == "\\" else { return bytes.append(contentsOf: String(character).utf8) }
        switch rest.popFirst() {
        case "t": bytes.append(UInt8(ascii: "\t"))
        case "r": bytes.append(UInt8(ascii: "\r"))
        case "n": bytes.append(UInt8(ascii: "\n"))
        case "0": bytes.append(0)
        case "\\": bytes.append(UInt8(ascii: "\\"))
        case "{": bytes.append(UInt8(ascii: "{"))
        case "x":
            guard let value = UInt8(rest.prefix(2), radix: 16), rest.count >= 2 else {
                throw Malformed(reason: "\\x needs two hex digits")
            }
            rest.removeFirst(2)
            bytes.append(value)
        case .some(let other): throw Malformed(reason: "\\\(other) is unknown: there are \\t \\r \\n \\0 \\xHH \\\\ \\{")
        case .none: throw Malformed(reason: "the line ends in a lone \\")
        }
    }

    /// Bytes as they would stand in a transcript, for messages.
    static func visible(_ bytes: [UInt8]) -> String {
        var text = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\t": text += "⇥"
            case "\r": text += "\\r"
            case "\n": text += "\\n"
            case "\0": text += "\\0"
            case "\\": text += "\\\\"
            case "{": text += "\\{"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                text += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
