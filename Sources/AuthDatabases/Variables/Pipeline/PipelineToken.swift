/// The words inside `%{…}`, as 2.4's own scanner tells them apart.
enum PipelineToken: Hashable {
    case name(String)
    case number(String)
    case text(String)
    case sign(Character)
    case end
}

/// Cuts a template of 2.4 into words.
struct PipelineScanner {
    private let characters: [Character]
    private var position = 0

    init(_ text: String) {
        characters = Array(text)
    }

    var isAtEnd: Bool { position == characters.count }

    /// The text up to the next `%{`, which is passed over; `%%{` is a `%{` in the text, and any other `%` itself.
    mutating func literal() -> String {
        var text = ""
        while position < characters.count {
            let rest = characters[position...]
            if rest.starts(with: "%%{") {
                text += "%{"
                position += 3
            } else if rest.starts(with: "%{") {
                return text
            } else {
                text.append(characters[position])
                position += 1
            }
        }
        return text
    }

    mutating func skipOpening() {
        position += 2
    }

    mutating func next() throws(VariableTemplate.Fault) -> PipelineToken {
        while position < characters.count, characters[position] == " " || characters[position] == "\t" { position += 1 }
        guard position < characters.count else { throw VariableTemplate.Fault(description: "%{ has no }") }
        let first = characters[position]
        switch first {
        case "}":
            position += 1
            return .end
        case "'", "\"":
            position += 1
            return .text(try quoted(until: first))
        case "|", "(", ")", ",", "=", "+", "-", "*", "/", "%":
            position += 1
            return .sign(first)
        default: break
        }
        let start = position
        if isDigit(first) {
            while position < characters.count, isDigit(characters[position]) { position += 1 }
            return .number(String(characters[start..<position]))
        }
        guard isLetter(first) else { throw VariableTemplate.Fault(description: "\"\(first)\" can't stand in %{}") }
        while position < characters.count, isInName(characters[position]) { position += 1 }
        return .name(String(characters[start..<position]))
    }

    private func isDigit(_ character: Character) -> Bool {
        character.isASCII && character.isNumber
    }

    private func isLetter(_ character: Character) -> Bool {
        !character.isASCII || character.isLetter
    }

    private func isInName(_ character: Character) -> Bool {
        isLetter(character) || isDigit(character) || "_/;:.-".contains(character)
    }

    /// `\x41`, `\101`, `\t`, `\r`, `\n`, `\\`, `\"` and `\'` are the escapes there are.
    private mutating func quoted(until quote: Character) throws(VariableTemplate.Fault) -> String {
        var bytes: [UInt8] = []
        while position < characters.count {
            let character = characters[position]
            position += 1
            if character == quote { return String(decoding: bytes, as: UTF8.self) }
            guard character == "\\" else {
                bytes += Array(String(character).utf8)
                continue
            }
            guard let byte = escape() else {
                throw VariableTemplate.Fault(description: "a backslash in quotes needs \\, \", ', t, r, n or a number")
            }
            bytes.append(byte)
        }
        throw VariableTemplate.Fault(description: "a quote \(quote) has no end")
    }

    private mutating func escape() -> UInt8? {
        guard position < characters.count else { return nil }
        let character = characters[position]
        if let byte = ["t": 0x09, "r": 0x0D, "n": 0x0A, "\\": 0x5C, "\"": 0x22, "'": 0x27][character] as UInt8? {
            position += 1
            return byte
        }
        let isHexadecimal = character == "x"
        let start = isHexadecimal ? position + 1 : position
        let length = isHexadecimal ? 2 : 3
        guard start + length <= characters.count else { return nil }
        let digits = String(characters[start..<(start + length)])
        guard digits.first != "+", let byte = UInt8(digits, radix: isHexadecimal ? 16 : 8) else { return nil }
        position = start + length
        return byte
    }
}
