/// Puts values in the place of `$variables`.
///
/// 2.3 takes the value that a setting has at that line, 2.4 the one it has at the end; both look only at settings
/// outside sections, and only at whole words between spaces.
struct VariableExpansion {
    /// Longest expanded value; keeps values that double themselves from filling the memory.
    static let longestValue = 65_536

    let dialect: ConfigurationDialect

    /// The value of a setting outside sections by any of its names; throws if there is none.
    var valueOfSetting: (String) throws(ValueError) -> String

    var environmentVariable: (String) -> String?

    /// Expands the text of the setting `key`.
    func expand(_ text: String, key: String) throws(ValueError) -> String {
        var result = ""
        var rest = text[...]
        while true {
            // A word ends at a space only; what follows becomes one space, tabs included.
            let word = rest.prefix { $0 != " " }
            result += try expanded(String(word), key: key)
            guard result.utf8.count <= Self.longestValue else { throw ValueError("the expanded value is too long") }
            rest = rest[word.endIndex...]
            guard !rest.isEmpty else { return result }
            result += " "
            rest = rest.drop { $0 == " " || $0 == "\t" }
        }
    }

    private func expanded(_ word: String, key: String) throws(ValueError) -> String {
        guard word.hasPrefix("$") else { return word }
        let name = word.dropFirst()
        if name.hasPrefix("ENV:") { return environmentVariable(String(name.dropFirst(4))) ?? "" }
        if name.hasPrefix("SET:") { return try valueOfSetting(String(name.dropFirst(4))) }
        return dialect == .dovecot24 ? word : try valueOfSetting(String(name))
    }
}
