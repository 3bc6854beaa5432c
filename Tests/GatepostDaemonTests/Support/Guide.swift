import DovecotConfiguration

/// A configuration as a guide for Dovecot has it, in files that exist only here, and what its reader is told of it:
/// `Guides/NAME.txt`.
struct Guide: ConfigurationFiles, CustomStringConvertible {
    let name: String
    private(set) var title = ""
    private(set) var isServed = false
    private(set) var messages: [String] = []
    private var texts: [String: String] = [:]

    static let names = LocalConfigurationFiles().glob(directory + "*.txt").compactMap { path in
        path.split(separator: "/").last.map { String($0.dropLast(4)) }
    }

    private static let directory =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Guides/"

    init(_ name: String) {
        self.name = name
        var file: String?
        for line in TextFile.read(Self.directory + name + ".txt").split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "== served" || line == "== refused" {
                isServed = line == "== served"
                file = ""
            } else if line.hasPrefix("== ") {
                file = String(line.dropFirst(3))
            } else if let file, !file.isEmpty {
                texts[file, default: ""] += line + "\n"
            } else if file != nil {
                if !line.isEmpty { messages.append(String(line)) }
            } else {
                title = String(line)
            }
        }
    }

    var description: String { name }

    func read(_ path: String) throws(FileReadError) -> [UInt8] {
        guard let text = texts[path] else { throw FileReadError(reason: "No such file or directory") }
        return Array(text.utf8)
    }

    /// The only pattern in guides is all files with one ending.
    func glob(_ pattern: String) -> [String] {
        guard let star = pattern.firstIndex(of: "*") else { return texts[pattern] == nil ? [] : [pattern] }
        let (start, end) = (pattern[..<star], pattern[pattern.index(after: star)...])
        return texts.keys.filter { $0.hasPrefix(start) && $0.hasSuffix(end) && !$0.dropFirst(start.count).contains("/") }
            .sorted()
    }

    func environmentVariable(_ name: String) -> String? { nil }
}
