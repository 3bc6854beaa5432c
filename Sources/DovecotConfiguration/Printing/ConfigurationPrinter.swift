/// Writes the settings that differ from the defaults, in Dovecot's syntax and in the order of `doveconf -n`.
///
/// What it writes reads back as an equal configuration, but for the ``SourceLocation``s.
public struct ConfigurationPrinter: Sendable {
    /// A printer without options.
    public init() {}

    /// The non-default settings, one line each with its LF; empty for the default configuration.
    public func text(_ configuration: AuthConfiguration) -> String {
        var output = Output()
        let dialect = configuration.dialect
        if dialect == .dovecot24 { output.setting("dovecot_config_version", "2.4.0") }
        // doveconf sorts settings and sections together by name.
        var blocks: [(key: String, print: (inout Output) -> Void)] = lines(
            SettingTable.global, of: draft(configuration), standard: draft(AuthConfiguration()), dialect: dialect)
        blocks.append(("passdb", { output in
            for database in configuration.passwordDatabases { print(database, dialect, into: &output) }
        }))
        blocks.append(("service", { output in print(service: configuration, into: &output) }))
        for block in blocks.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) { block.print(&output) }
        return output.text
    }

    private func draft(_ configuration: AuthConfiguration) -> ConfigurationDraft {
        var draft = ConfigurationDraft()
        draft.configuration = configuration
        return draft
    }

    private func lines(
        _ settings: [Setting<ConfigurationDraft>], of draft: ConfigurationDraft, standard: ConfigurationDraft,
        dialect: ConfigurationDialect
    ) -> [(key: String, print: (inout Output) -> Void)] {
        settings.compactMap { setting in
            guard let value = setting.print?(draft, dialect), value != setting.print?(standard, dialect) else {
                return nil
            }
            let name = setting.name(in: dialect)
            return (name, { $0.setting(name, value) })
        }
    }

    // MARK: Sections

    private func print(service configuration: AuthConfiguration, into output: inout Output) {
        var blocks = lines(
            SettingTable.service, of: draft(configuration), standard: draft(AuthConfiguration()),
            dialect: configuration.dialect)
        if !configuration.listeners.isEmpty {
            blocks.append(("unix_listener", { output in
                for listener in configuration.listeners { print(listener, of: configuration, into: &output) }
            }))
        }
        guard !blocks.isEmpty else { return }
        output.section("service", "auth") { output in
            for block in blocks.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                block.print(&output)
            }
        }
    }

    private func print(_ listener: UnixListener, of configuration: AuthConfiguration, into output: inout Output) {
        let base = configuration.baseDirectory + "/"
        let name = listener.path.hasPrefix(base) ? String(listener.path.dropFirst(base.count)) : listener.path
        let standard = ListenerDraft(name: listener.path, location: listener.location)
            .listener(configuration.dialect, configuration: configuration)
        output.section("unix_listener", name) { output in
            if listener.temporaryFailure != standard.temporaryFailure {
                output.setting("gatepost_temporary_failure", listener.temporaryFailure.rawValue)
            }
            if listener.group != standard.group { output.setting("group", listener.group ?? "") }
            if listener.mode != standard.mode { output.setting("mode", SettingValue.text(mode: listener.mode)) }
            if listener.kind != standard.kind {
                output.setting("type", ListenerSettings.kinds.first { $0.kind == listener.kind }?.name ?? "auth")
            }
            if listener.user != standard.user { output.setting("user", listener.user ?? "") }
        }
    }

    private func print(
        _ database: PasswordDatabaseSettings, _ dialect: ConfigurationDialect, into output: inout Output
    ) {
        output.section("passdb", dialect == .dovecot24 ? database.name : nil) { output in
            switch database.driver {
            case .shadow:
                if dialect == .dovecot23 || database.name != "shadow" { output.setting("driver", "shadow") }
            case .passwdFile(let settings):
                let needsNewWords = dialect == .dovecot24 || settings.usernameFormat?.syntax == .dovecot24
                    || !settings.isFitForArguments
                if !needsNewWords {
                    output.setting("args", settings.arguments)
                    output.setting("driver", "passwd-file")
                } else {
                    if let format = settings.usernameFormat { output.setting("auth_username_format", format.text) }
                    if settings.defaultScheme != "CRYPT" {
                        output.setting("default_password_scheme", settings.defaultScheme)
                    }
                    if dialect == .dovecot23 || database.name != "passwd-file" {
                        output.setting("driver", "passwd-file")
                    }
                }
                if dialect == .dovecot23, !database.name.isEmpty { output.setting("name", database.name) }
                if needsNewWords { output.setting("passwd_file_path", settings.path) }
                return
            }
            if dialect == .dovecot23, !database.name.isEmpty { output.setting("name", database.name) }
        }
    }
}

extension PasswordDatabaseSettings.PasswdFileSettings {
    /// 2.3's `args` end a word at a space.
    fileprivate var isFitForArguments: Bool {
        !defaultScheme.contains(" ") && !(usernameFormat?.text.contains(" ") ?? false)
            && !(usernameFormat?.text.isEmpty ?? false)
    }

    fileprivate var arguments: String {
        var words: [String] = []
        if defaultScheme != "CRYPT" { words.append("scheme=\(defaultScheme)") }
        if let usernameFormat { words.append("username_format=\(usernameFormat.text)") }
        return (words + [path]).joined(separator: " ")
    }
}

/// Lines of a configuration file, indented by their section.
private struct Output {
    private(set) var text = ""
    private var depth = 0

    private var indent: String { String(repeating: "  ", count: depth) }

    mutating func setting(_ key: String, _ value: String) {
        text += "\(indent)\(key) = \(ConfigurationQuoting.value(value))\n"
    }

    mutating func section(_ keyword: String, _ name: String?, _ content: (inout Output) -> Void) {
        let title = name.map { "\(keyword) \(ConfigurationQuoting.sectionName($0))" } ?? keyword
        text += "\(indent)\(title) {\n"
        depth += 1
        content(&self)
        depth -= 1
        text += "\(indent)}\n"
    }
}
