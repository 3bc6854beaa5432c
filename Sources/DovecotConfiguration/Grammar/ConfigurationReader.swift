/// Reads a file and all that it includes into one tree.
///
/// Sections may begin in one file and end in another, as in Dovecot. Nothing here knows what a setting means, except
/// that `dovecot_config_version` as the very first one switches to the rules of 2.4.
struct ConfigurationReader<Files: ConfigurationFiles> {
    /// More nesting than any real file has; keeps every later recursion shallow.
    private static var deepestSection: Int { 50 }
    private static var deepestInclude: Int { 50 }
    /// Stops files that include each other's directories over and over.
    private static var mostFiles: Int { 10_000 }

    private let files: Files
    private(set) var dialect: ConfigurationDialect = .dovecot23
    private(set) var errors: [ConfigurationErrors.Entry] = []
    private(set) var notices: [String] = []
    private(set) var paths: [String] = []
    /// Characters that may be why a line is not understood.
    private(set) var strays: [SourceLocation: StrayCharacter] = [:]
    /// Words that stand for nothing, which may be why a value is wrong.
    private(set) var unsetVariables: [ConfigurationErrors.Entry] = []

    /// The open sections; the first is the whole configuration.
    private var stack: [RawSection]
    /// Sections open beyond the limit.
    private var excessDepth = 0
    private var sawSetting = false
    private var includeChain: [String] = []

    init(files: Files) {
        self.files = files
        stack = []
    }

    /// The whole configuration as one section; mistakes are in ``errors``.
    mutating func read(_ path: String) -> RawSection {
        stack = [RawSection(keyword: "", name: nil, location: SourceLocation(file: path, line: 0))]
        do throws(FileReadError) {
            readLines(of: try files.read(path), path: path)
        } catch {
            report("cannot read the file: \(error.reason)", at: SourceLocation(file: path, line: 0))
        }
        while stack.count > 1 {
            let section = stack.removeLast()
            report("section \"\(section.title.shortened)\" is not closed; add a line with \"}\"", at: section.location)
            stack[stack.count - 1].items.append(.section(section))
        }
        return stack[0]
    }

    private mutating func report(_ message: String, at location: SourceLocation) {
        errors.append(ConfigurationErrors.Entry(location: location, message: message))
    }

    private mutating func readLines(of content: [UInt8], path: String) {
        includeChain.append(path)
        paths.append(path)
        defer { includeChain.removeLast() }
        var parser = LineParser(dialect: dialect)
        var lines = LineCursor(content)
        var isDamaged = false
        while let line = lines.next() {
            let location = SourceLocation(file: path, line: lines.number)
            let wasContinuing = parser.isContinuing
            let outcome = parser.parse(line)
            if parser.sawAmbiguousComment {
                notices.append("\(location): \"#\" right after a word begins a comment, too; put a space before it")
            }
            // A continued line is as damaged as any of its parts; a comment may hold what it likes.
            isDamaged = (isDamaged && wasContinuing) || String(validating: line, as: UTF8.self) == nil
            guard case .line(let logical) = outcome else { continue }
            if let stray = parser.stray {
                strays[location] = stray
                if stray.isInvisible { notices.append("\(location): \(stray.explanation)") }
            }
            apply(logical, at: location, isDamaged: isDamaged, lines: &lines)
            parser.dialect = dialect
        }
        if parser.isContinuing {
            report("the file ends in a line continued with \"\\\"; remove the \"\\\"",
                   at: SourceLocation(file: path, line: lines.number))
        }
    }

    private mutating func apply(
        _ line: ConfigurationLine, at location: SourceLocation, isDamaged: Bool, lines: inout LineCursor
    ) {
        switch line {
        case .setting(let key, let value):
            var setting = RawSetting(key: key, value: value, location: location, isDamaged: isDamaged)
            if case .heredoc(let marker) = value {
                guard let text = lines.text(until: marker) else {
                    return report("no line \"\(marker.shortened)\" ends the value of \(key.shortened)", at: location)
                }
                setting.value = .heredoc(String(decoding: text, as: UTF8.self))
                setting.isDamaged = setting.isDamaged || String(validating: text, as: UTF8.self) == nil
            }
            add(setting)
        case .sectionBegin(let keyword, let name):
            sawSetting = true
            open(RawSection(keyword: keyword, name: name, location: location))
        case .sectionEnd:
            close(at: location)
        case .include(let pattern, let isOptional):
            include(pattern, isOptional: isOptional, at: location)
        case .invalid(let reason, let braces):
            report(reason, at: location)
            switch braces {
            case .none: break
            case .opening: open(RawSection(keyword: "", name: nil, location: location, isDamaged: true))
            case .closing: close(at: location)
            }
        }
    }

    private mutating func add(_ setting: RawSetting) {
        defer { sawSetting = true }
        if case .variables(let text) = setting.value { tellOfUnsetVariables(text, at: setting.location) }
        guard setting.key == "dovecot_config_version" else {
            if excessDepth == 0 { stack[stack.count - 1].items.append(.setting(setting)) }
            return
        }
        guard !sawSetting else {
            return report("dovecot_config_version must be the first setting of the configuration", at: setting.location)
        }
        guard case .literal(let version) = setting.value, version.hasPrefix("2.4") else {
            return report(
                "dovecot_config_version: write a version of Dovecot 2.4, such as 2.4.1; leave the line out for 2.3",
                at: setting.location)
        }
        dialect = .dovecot24
    }

    private mutating func tellOfUnsetVariables(_ text: String, at location: SourceLocation) {
        for word in text.split(separator: " ") where word.hasPrefix("$ENV:") {
            let name = String(word.dropFirst(5))
            guard files.environmentVariable(name) == nil else { continue }
            let message = "the environment variable \(name.shortened) is not set, so that \(word.shortened) is nothing"
            unsetVariables.append(ConfigurationErrors.Entry(location: location, message: message))
        }
    }

    private mutating func open(_ section: RawSection) {
        guard stack.count <= Self.deepestSection else {
            if excessDepth == 0 {
                report("more than \(Self.deepestSection) sections inside each other", at: section.location)
            }
            excessDepth += 1
            return
        }
        stack.append(section)
    }

    private mutating func close(at location: SourceLocation) {
        if excessDepth > 0 {
            excessDepth -= 1
        } else if stack.count > 1 {
            let section = stack.removeLast()
            stack[stack.count - 1].items.append(.section(section))
        } else {
            report("\"}\" closes nothing here; remove it, or look for a missing \"{\" above", at: location)
        }
    }

    private mutating func include(_ pattern: String, isOptional: Bool, at location: SourceLocation) {
        let found = files.glob(ConfigurationPath.absolute(pattern, relativeTo: location.file))
        if found.isEmpty, !isOptional {
            let hint = pattern.hasPrefix("\"") ? "; write the name without quotes" : "; !include_try allows that"
            return report("no file matches \"\(pattern.shortened)\"\(hint)", at: location)
        }
        for path in found {
            guard !includeChain.contains(path) else {
                report("\(path) includes itself; remove this !include", at: location)
                continue
            }
            guard includeChain.count < Self.deepestInclude, paths.count < Self.mostFiles else {
                return report("too many !include inside each other", at: location)
            }
            do throws(FileReadError) {
                readLines(of: try files.read(path), path: path)
            } catch {
                // Dovecot passes over a file that !include_try finds and cannot open; so do we, but say so.
                if isOptional {
                    notices.append("\(location): \(path) was left out: \(error.reason)")
                } else {
                    report("cannot read \(path): \(error.reason)", at: location)
                }
            }
        }
    }
}
