/// What was passed over, each name once, for the one line that says so.
struct SkippedNames {
    private var settings: [String] = []
    private var sections: [String] = []
    private var seen: Set<String> = []

    mutating func add(setting: String) {
        if seen.insert("setting \(setting)").inserted { settings.append(setting) }
    }

    mutating func add(section: String) {
        if seen.insert("section \(section)").inserted { sections.append(section) }
    }

    /// `nil` if nothing was skipped.
    var notice: String? {
        let parts = [("settings", settings), ("sections", sections)].filter { !$0.1.isEmpty }
        guard !parts.isEmpty else { return nil }
        let lists = parts.map { "\($0.0) \($0.1.joined(separator: ", "))" }
        return "skipped what Gatepost does not use: " + lists.joined(separator: "; ")
    }
}
