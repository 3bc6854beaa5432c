/// Lines of a configuration file, indented by their section.
struct ConfigurationOutput {
    private(set) var text = ""
    private var depth = 0

    private var indent: String { String(repeating: "  ", count: depth) }

    mutating func setting(_ key: String, _ value: String) {
        text += "\(indent)\(key) = \(ConfigurationQuoting.value(value))\n"
    }

    mutating func section(_ keyword: String, _ name: String?, _ content: (inout ConfigurationOutput) -> Void) {
        let title = name.map { "\(keyword) \(ConfigurationQuoting.sectionName($0))" } ?? keyword
        text += "\(indent)\(title) {\n"
        depth += 1
        content(&self)
        depth -= 1
        text += "\(indent)}\n"
    }
}

/// Settings and sections of one place, which doveconf sorts together by name.
struct ConfigurationBlocks {
    private var blocks: [(key: String, print: (inout ConfigurationOutput) -> Void)] = []

    var isEmpty: Bool { blocks.isEmpty }

    mutating func setting(_ key: String, _ value: String) {
        blocks.append((key, { $0.setting(key, value) }))
    }

    mutating func add(_ key: String, _ print: @escaping (inout ConfigurationOutput) -> Void) {
        blocks.append((key, print))
    }

    func print(into output: inout ConfigurationOutput) {
        for block in blocks.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) { block.print(&output) }
    }
}
