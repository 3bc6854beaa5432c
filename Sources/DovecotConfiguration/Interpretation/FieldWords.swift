/// Fields as 2.3 writes them in `args`, `default_fields` and `override_fields`: words such as `uid=1000`.
enum FieldWords {
    static func parse(_ text: String, _ dialect: ConfigurationDialect) throws(ValueError) -> [FieldSetting] {
        let syntax: TemplateText.Syntax = dialect == .dovecot24 ? .dovecot24 : .dovecot23
        var fields: [FieldSetting] = []
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let name = parts.first, !name.isEmpty else {
                throw ValueError("\"\(word.description.shortened)\" has no name before \"=\"; write name=value")
            }
            let value = parts.count > 1 ? try TemplateText(text: parts[1], syntax: syntax).checked() : nil
            fields.append(FieldSetting(name: name, value: value))
        }
        return fields
    }

    /// The words again; values with spaces can't be said this way.
    static func text(_ fields: [FieldSetting]) -> String {
        fields.map { field in field.value.map { "\(field.name)=\($0.text)" } ?? field.name }.joined(separator: " ")
    }
}

extension [FieldSetting] {
    /// Takes the first field of that name out, as Dovecot's templates do with the driver's own words.
    mutating func remove(_ name: String) -> FieldSetting? {
        guard let index = firstIndex(where: { $0.name == name }) else { return nil }
        return remove(at: index)
    }
}
