import DovecotConfiguration

/// A configuration of one to three files, which may include each other: it is read or refused, in bounded time, and one
/// that was read is printed as one that reads the same.
///
/// The files are separated by a line `!!`; the first is read, the others are `b.conf` and `c.conf` beside it.
enum ConfigurationTarget {
    private struct Files: ConfigurationFiles {
        var contents: [String: [UInt8]] = [:]

        func read(_ path: String) throws(FileReadError) -> [UInt8] {
            guard let content = contents[path] else { throw FileReadError(reason: "No such file or directory") }
            return content
        }

        func glob(_ pattern: String) -> [String] {
            pattern.contains("*") ? contents.keys.sorted() : contents.keys.contains(pattern) ? [pattern] : []
        }

        func environmentVariable(_ name: String) -> String? { name == "HOME" ? "/root" : nil }
    }

    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        var files = Files()
        var parts: [[ArraySlice<UInt8>]] = [[]]
        for line in input.array.lines {
            if line.text == "!!" { parts.append([]) } else { parts[parts.count - 1].append(line) }
        }
        for (name, lines) in zip(["a", "b", "c"], parts) {
            files.contents["/etc/\(name).conf"] = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
        }
        let text: String
        do throws(ConfigurationErrors) {
            text = ConfigurationPrinter().text(try AuthConfiguration.load(path: "/etc/a.conf", files: files).configuration)
        } catch {
            try demand(!error.entries.isEmpty, "refused without a reason")
            for entry in error.entries { try demand(entry.location.line >= 0, "\(entry)") }
            return
        }
        files.contents["/etc/a.conf"] = Array(text.utf8)
        let again: AuthConfiguration
        do throws(ConfigurationErrors) {
            again = try AuthConfiguration.load(path: "/etc/a.conf", files: files).configuration
        } catch {
            throw BrokenRule("what was printed can't be read: \(error)\n\(text)")
        }
        try demand(ConfigurationPrinter().text(again) == text, "printed again it differs:\n\(text)")
    }
}
