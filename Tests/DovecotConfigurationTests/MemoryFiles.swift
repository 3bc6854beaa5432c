import DovecotConfiguration

/// Files that exist only in a test. Patterns know `*`, which does not match a slash.
struct MemoryFiles: ConfigurationFiles {
    var files: [String: [UInt8]]
    var environment: [String: String] = [:]
    /// Files that exist but may not be read.
    var unreadable: Set<String> = []

    init(_ files: [String: String], environment: [String: String] = [:], unreadable: Set<String> = []) {
        self.files = files.mapValues { Array($0.utf8) }
        self.environment = environment
        self.unreadable = unreadable
    }

    func read(_ path: String) throws(FileReadError) -> [UInt8] {
        guard !unreadable.contains(path) else { throw FileReadError(reason: "Permission denied") }
        guard let content = files[path] else { throw FileReadError(reason: "No such file or directory") }
        return content
    }

    func glob(_ pattern: String) -> [String] {
        files.keys.filter { matches(Array(pattern.utf8)[...], Array($0.utf8)[...]) }.sorted()
    }

    func environmentVariable(_ name: String) -> String? {
        environment[name]
    }

    private func matches(_ pattern: ArraySlice<UInt8>, _ path: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty }
        guard first == UInt8(ascii: "*") else {
            return path.first == first && matches(pattern.dropFirst(), path.dropFirst())
        }
        if matches(pattern.dropFirst(), path) { return true }
        guard let next = path.first, next != UInt8(ascii: "/") else { return false }
        return matches(pattern, path.dropFirst())
    }
}

/// Loads one file of the given text.
func load(_ text: String) throws(ConfigurationErrors) -> LoadedConfiguration {
    try AuthConfiguration.load(path: "/etc/d.conf", files: MemoryFiles(["/etc/d.conf": text]))
}

/// The errors of a text, one line each; empty if there are none.
func errors(in text: String) -> [String] {
    errors(in: MemoryFiles(["/etc/d.conf": text]))
}

func errors(in files: MemoryFiles) -> [String] {
    do throws(ConfigurationErrors) {
        _ = try AuthConfiguration.load(path: "/etc/d.conf", files: files)
        return []
    } catch {
        return error.entries.map(\.description)
    }
}
