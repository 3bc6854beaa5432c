/// Puts quotes where a value or a name would not be read as it is.
enum ConfigurationQuoting {
    static func value(_ text: String) -> String {
        let isPlain =
            !text.contains { $0 == "#" || $0 == "$" } && !isBlank(text.first) && !isBlank(text.last)
            && !["\"", "'", "<"].contains(text.first) && text.last != "\\"
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
