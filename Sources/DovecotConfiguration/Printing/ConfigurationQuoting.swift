/// Puts quotes where a value or a name would not be read as it is.
enum ConfigurationQuoting {
    static func value(_ text: String) -> String {
        let isPlain =
            !text.contains("#") && !isBlank(text.first) && !isBlank(text.last) && text.first != "<"
            && text.last != "\\" && !looksQuoted(text) && !wouldBeExpanded(text)
        return isPlain ? text : quoted(text)
    }

    private static func looksQuoted(_ text: String) -> Bool {
        text.count > 1 && text.first == text.last && (text.first == "\"" || text.first == "'")
    }

    /// A `$` anywhere makes Dovecot take the value apart into words; only a word that begins with one is replaced.
    private static func wouldBeExpanded(_ text: String) -> Bool {
        guard text.contains("$") else { return false }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        return words.contains { $0.isEmpty || $0.hasPrefix("$") || $0.hasPrefix("\t") }
    }

    /// Only 2.4 has quotes around keys; in 2.3 no file can bring about a key that needs them.
    static func key(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && !text.contains { $0 == "#" || $0 == "=" || isBlank($0) }
            && !["\"", "{", "}"].contains(text.first)
        return isPlain ? text : quoted(text)
    }

    static func sectionName(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && !text.contains { $0 == "#" || isBlank($0) } && !["\"", "{", "="].contains(text.first)
        return isPlain ? text : quoted(text)
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }

    private static func isBlank(_ character: Character?) -> Bool {
        character == " " || character == "\t"
    }
}
