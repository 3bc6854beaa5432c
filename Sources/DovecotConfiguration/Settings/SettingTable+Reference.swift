extension SettingTable {
    /// The table as Markdown, for the documentation: one part per section, one line per setting.
    public static var reference: String {
        SettingDefinition.Section.allCases.map { section in
            let title = section == .global ? "Outside sections" : "In `\(section.rawValue)`"
            let lines = definitions.filter { $0.section == section }.map(\.referenceLine)
            return (["## \(title)", "", "| Setting | Default | Meaning | In Gatepost |", "|---|---|---|---|"] + lines)
                .joined(separator: "\n")
        }.joined(separator: "\n\n") + "\n"
    }
}

extension SettingDefinition {
    fileprivate var referenceLine: String {
        let names = "`\(name)`" + (newName.map { " (2.4: `\($0)`)" } ?? "")
        let value = defaultValue.isEmpty ? "" : "`\(defaultValue)`"
        let state =
            switch status {
            case .implemented: "yes"
            case .refused(let reason): "only the default: \(reason)"
            case .ineffective(let reason): "no effect: \(reason)"
            }
        return "| \(names) | \(value) | \(summary) | \(state) |"
    }
}
