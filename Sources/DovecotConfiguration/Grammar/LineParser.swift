/// Turns the lines of one file into logical lines, by the rules of Dovecot 2.3's parser and 2.4's additions.
///
/// The rules are Dovecot's to the letter where a file can tell: a comment is cut off before a line's end is looked at
/// for a backslash, quotes count only around a whole value, and an unclosed quote shields a `#`.
struct LineParser {
    /// What became of one line of the file.
    enum Outcome: Equatable {
        /// Nothing to do, or more to come.
        case none
        case line(ConfigurationLine)
    }

    var dialect: ConfigurationDialect

    /// What the lines that end in a backslash have brought so far.
    private var pending: [UInt8] = []

    /// A `#` stood right behind a word in the last line, as Dovecot warns.
    private(set) var sawAmbiguousComment = false

    /// What nobody sees in the logical line that came last, comments aside.
    private(set) var stray: StrayCharacter?

    init(dialect: ConfigurationDialect) {
        self.dialect = dialect
    }

    /// The file ended (or a heredoc began) inside a continued line.
    var isContinuing: Bool {
        !pending.isEmpty
    }

    mutating func parse(_ bytes: ArraySlice<UInt8>) -> Outcome {
        sawAmbiguousComment = false
        if !isContinuing { stray = nil }
        guard !bytes.contains(0) else {
            pending = []
            return .line(.invalid(reason: "the line holds a NUL byte; remove it", braces: .none))
        }
        var line = bytes.drop(while: isBlank)
        if line.isEmpty || line.first == UInt8(ascii: "#") {
            guard isContinuing else { return .none }
            // Dovecot drops the whole continued line here without a word.
            pending = []
            return .line(
                .invalid(
                    reason: "the line before ends in \"\\\" but an empty line or comment follows; remove the \"\\\"",
                    braces: .none))
        }
        line = withoutComment(line).trimmingBlanks(isBlank)
        stray = stray ?? StrayCharacter.first(in: line)
        if line.last == UInt8(ascii: "\\") {
            line = line.dropLast().trimmingBlanks(isBlank)
            if !line.isEmpty {
                pending += line
                pending.append(UInt8(ascii: " "))
            }
            return .none
        }
        if isContinuing {
            pending += line
            defer { pending = [] }
            return .line(logicalLine(pending[...]))
        }
        return .line(logicalLine(line))
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"): true
        // 2.4 takes every kind of C white space, 2.3 these two.
        case 0x0B, 0x0C, 0x0D: dialect == .dovecot24
        default: false
        }
    }

    private mutating func withoutComment(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var index = line.startIndex
        while index < line.endIndex {
            let byte = line[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                index += 1
                while index < line.endIndex, line[index] != byte {
                    index += line[index] == UInt8(ascii: "\\") ? 2 : 1
                }
                if index >= line.endIndex { return line }
            } else if byte == UInt8(ascii: "#") {
                sawAmbiguousComment = index > line.startIndex && !isBlank(line[index - 1])
                return line[..<index]
            }
            index += 1
        }
        return line
    }

    // MARK: Logical lines

    private func logicalLine(_ line: ArraySlice<UInt8>) -> ConfigurationLine {
        var rest = line
        let key: ArraySlice<UInt8>
        if dialect == .dovecot24, rest.first == UInt8(ascii: "\"") {
            rest = rest.dropFirst()
            var end = rest.startIndex
            while end < rest.endIndex, rest[end] != UInt8(ascii: "\"") {
                end += rest[end] == UInt8(ascii: "\\") ? 2 : 1
            }
            guard end < rest.endIndex else { return .invalid(reason: "the quoted key has no end", braces: .none) }
            guard let unescaped = unescape(rest[..<end]) else { return unknownEscape }
            key = unescaped[...]
            rest = rest[(end + 1)...]
        } else {
            key = rest.prefix { !isBlank($0) && $0 != UInt8(ascii: "=") }
            rest = rest[key.endIndex...]
        }
        rest = rest.drop(while: isBlank)
        switch text(key) {
        case "!include": return .include(pattern: text(rest), isOptional: false)
        case "!include_try": return .include(pattern: text(rest), isOptional: true)
        case "}" where rest.isEmpty: return .sectionEnd
        case "}" where rest.last != openingBrace && rest.first != UInt8(ascii: "="):
            return .invalid(reason: "put \"}\" on a line of its own", braces: .closing)
        default: break
        }
        if rest.first == UInt8(ascii: "=") {
            guard !key.isEmpty else {
                return .invalid(reason: "nothing stands before \"=\"; write key = value", braces: .none)
            }
            return setting(key: text(key), value: rest.dropFirst().drop(while: isBlank))
        }
        return section(keyword: text(key), rest: rest)
    }

    private func setting(key: String, value: ArraySlice<UInt8>) -> ConfigurationLine {
        if value.first == UInt8(ascii: "<") {
            let path = value.dropFirst()
            if dialect == .dovecot24, path.first == UInt8(ascii: "<") {
                let marker = path.dropFirst().drop(while: isBlank)
                if !marker.isEmpty { return .setting(key: key, value: .heredoc(text(marker))) }
            }
            return .setting(key: key, value: .file(text(path.drop(while: isBlank))))
        }
        let quote = value.first
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            let isPlain = !value.contains(UInt8(ascii: "$"))
            return .setting(key: key, value: isPlain ? .literal(text(value)) : .variables(text(value)))
        }
        guard value.count > 1, value.last == quote else { return .setting(key: key, value: .literal(text(value))) }
        guard let unescaped = unescape(value.dropFirst().dropLast()) else { return unknownEscape }
        return .setting(key: key, value: .literal(text(unescaped[...])))
    }

    private func section(keyword: String, rest: ArraySlice<UInt8>) -> ConfigurationLine {
        var rest = rest
        var name: String?
        if dialect == .dovecot24, keyword == "group", rest.last == openingBrace {
            // group @KIND NAME {
            return .sectionBegin(keyword: keyword, name: text(rest.dropLast().trimmingBlanks(isBlank)))
        }
        if rest.first == UInt8(ascii: "\"") {
            let quoted = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
            guard quoted.endIndex < rest.endIndex else {
                let braces: ConfigurationLine.Braces = rest.last == openingBrace ? .opening : .none
                return .invalid(reason: "the quoted section name has no end", braces: braces)
            }
            guard let unescaped = unescape(quoted) else { return unknownEscape }
            name = text(unescaped[...])
            rest = rest[(quoted.endIndex + 1)...].drop(while: isBlank)
        } else if rest.first != openingBrace {
            let word = rest.prefix { !isBlank($0) }
            name = word.isEmpty ? nil : text(word)
            rest = rest[word.endIndex...].drop(while: isBlank)
        }
        guard rest.first == openingBrace else { return notASetting(keyword: keyword, name: name, rest: rest) }
        let garbage = rest.dropFirst()
        guard garbage.isEmpty else {
            return .invalid(
                reason: "garbage after \"{\": put each setting and the closing \"}\" on its own line",
                braces: garbage.last == UInt8(ascii: "}") ? .none : .opening)
        }
        // No quoted name can hold a quote, so that such a one could not be written again.
        guard name?.contains("\"") != true else {
            return .invalid(reason: "the section's name holds a quote; leave it out", braces: .opening)
        }
        // The name becomes a setting, and no value may have one either.
        guard name?.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" }) != true else {
            return .invalid(reason: "the section's name holds a control character", braces: .opening)
        }
        return .sectionBegin(keyword: keyword, name: name)
    }

    private func notASetting(keyword: String, name: String?, rest: ArraySlice<UInt8>) -> ConfigurationLine {
        let last = rest.isEmpty ? (name ?? keyword) : text(rest)
        guard last.hasSuffix("{") else {
            return .invalid(
                reason: "expected \"=\" or \"{\" after \"\(keyword.shortened)\": write key = value, or section {",
                braces: .none)
        }
        let reason =
            switch (keyword, rest.isEmpty) {
            case ("{", true): "put the section's name before \"{\""
            case (_, true): "put a space before \"{\""
            case (_, false): "expected \"{\" after the section's name; quote a name that holds spaces"
            }
        return .invalid(reason: reason, braces: .opening)
    }

    private var openingBrace: UInt8 { UInt8(ascii: "{") }

    private var unknownEscape: ConfigurationLine {
        .invalid(
            reason: "a backslash in quotes needs \" or \\ after it; write \\\\ for one backslash", braces: .none)
    }

    /// Dovecot 2.3 takes any character behind a backslash as itself, 2.4 only `\` and `"`.
    private func unescape(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var escaped = false
        for byte in bytes {
            if !escaped, byte == UInt8(ascii: "\\") {
                escaped = true
                continue
            }
            if escaped, dialect == .dovecot24, byte != UInt8(ascii: "\\"), byte != UInt8(ascii: "\"") { return nil }
            escaped = false
            result.append(byte)
        }
        return escaped && dialect == .dovecot24 ? nil : result
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}

extension ArraySlice<UInt8> {
    fileprivate func trimmingBlanks(_ isBlank: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        var end = endIndex
        while end > startIndex, isBlank(self[end - 1]) { end -= 1 }
        return self[..<end]
    }
}

extension StringProtocol {
    /// The text cut so that an error message stays one readable line.
    var shortened: String {
        let shown = unicodeScalars.prefix(60).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) }
        return unicodeScalars.count > 60 ? String(shown) + "…" : String(shown)
    }
}
