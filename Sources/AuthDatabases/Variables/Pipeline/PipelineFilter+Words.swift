extension PipelineFilter {
    /// Filters between numbers and their digits.
    func applyNumbers(to state: inout PipelineState, _ context: ExpansionContext) throws(VariableTemplate.Failure) {
        switch self {
        case .hex(let width):
            let width = try width.count(context)
            guard let number = UInt64(try state.text()) else { throw failure("the value is not a number") }
            let digits = Array(String(number, radix: 16).utf8)
            let zeros = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, abs(width) - digits.count))
            // A negative width fills and cuts at the right.
            state.bytes =
                width == 0
                ? digits : width < 0 ? Array((digits + zeros).prefix(-width)) : Array((zeros + digits).suffix(width))
        case .unhex:
            guard let number = UInt64(try state.text(), radix: 16) else {
                throw failure("the value is not a hexadecimal number")
            }
            state.take(String(number))
        case .hexlify(let width):
            let width = try width.count(context)
            guard width >= 0 else { throw failure("\(width) is too short") }
            let digits = TemplateDigest.hexadecimal(try state.value())
            let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
            state.take(width == 0 ? digits : String((zeros + digits).prefix(width)))
        case .unhexlify:
            let digits = try state.value()
            var bytes: [UInt8] = []
            for index in stride(from: 0, to: digits.count, by: 2) {
                guard let byte = UInt8(String(decoding: digits[index...].prefix(2), as: UTF8.self), radix: 16),
                    index + 1 < digits.count, digits[index] != UInt8(ascii: "+")
                else { throw failure("the value is not in hexadecimal digits") }
                bytes.append(byte)
            }
            state.take(binary: bytes)
        case .number(let isBigEndian):
            let bytes = try state.value()
            guard [1, 2, 4, 8].contains(bytes.count) else {
                throw failure("\(bytes.count) bytes are no number; 1, 2, 4 or 8 are")
            }
            let ordered = isBigEndian ? bytes : bytes.reversed()
            state.take(String(ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
        default: break
        }
    }

    /// Filters that take a value apart or fill it up.
    func applyWords(to state: inout PipelineState, _ context: ExpansionContext) throws(VariableTemplate.Failure) {
        switch self {
        case .index(let separator, let position):
            let words = split(try state.text(), at: separator.text(context))
            let given = try position.count(context)
            let position = given < 0 ? words.count + given : given
            guard words.indices.contains(position) else { throw failure("there is no word \(given)") }
            state.take(words[position])
        case .list(let separator):
            state.take(split(try state.text(), at: "\t").joined(separator: separator.text(context)))
        case .fill(let length, let filler, let isLeft):
            let length = try length.count(context)
            let filler = Array(filler.text(context).utf8)
            guard length > 0, !filler.isEmpty else { throw failure("nothing can be filled with that") }
            var bytes = try state.value()
            while bytes.count < length { bytes = isLeft ? filler + bytes : bytes + filler }
            state.bytes = bytes
        default: break
        }
    }

    private func split(_ text: String, at separator: String) -> [String] {
        let separator = Array(separator.utf8)
        let text = Array(text.utf8)
        guard !separator.isEmpty else { return [String(decoding: text, as: UTF8.self)] }
        var words: [String] = []
        var start = 0
        var index = 0
        while index + separator.count <= text.count {
            guard text[index..<(index + separator.count)].elementsEqual(separator) else {
                index += 1
                continue
            }
            words.append(String(decoding: text[start..<index], as: UTF8.self))
            index += separator.count
            start = index
        }
        return words + [String(decoding: text[start...], as: UTF8.self)]
    }
}
