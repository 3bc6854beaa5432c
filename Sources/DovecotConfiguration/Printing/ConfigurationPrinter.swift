/// Writes the settings that differ from the defaults, in Dovecot's syntax and in the order of `doveconf -n`.
///
/// What it writes reads back as an equal configuration, but for the ``SourceLocation``s.
public struct ConfigurationPrinter: Sendable {
    /// A printer without options.
    public init() {}

    /// The non-default settings, one line each with its LF; empty for the default configuration.
    ///
    /// - Parameter storageVersion: Writes `dovecot_storage_version` as well, which Dovecot 2.4 itself asks for.
    public func text(_ configuration: AuthConfiguration, storageVersion: Bool = false) -> String {
        var output = ConfigurationOutput()
        if configuration.dialect == .dovecot24 {
            output.setting("dovecot_config_version", "2.4.0")
            if storageVersion { output.setting("dovecot_storage_version", "2.4.0") }
        }
        var blocks = globalSettings(of: configuration, besides: AuthConfiguration())
        blocks.add("passdb") { output in
            for database in configuration.passwordDatabases { print(database, configuration.dialect, into: &output) }
        }
        blocks.add("protocol") { output in print(protocolsOf: configuration, into: &output) }
        blocks.add("service") { output in print(service: configuration, into: &output) }
        blocks.add("userdb") { output in
            for database in configuration.userDatabases { print(database, configuration.dialect, into: &output) }
        }
        blocks.print(into: &output)
        return output.text
    }

    /// The settings outside sections in which two configurations differ.
    private func globalSettings(
        of configuration: AuthConfiguration, besides other: AuthConfiguration
    ) -> ConfigurationBlocks {
        lines(
            SettingTable.global, of: ConfigurationDraft(configuration), standard: ConfigurationDraft(other),
            dialect: configuration.dialect)
    }

    private func lines(
        _ settings: [Setting<ConfigurationDraft>], of draft: ConfigurationDraft, standard: ConfigurationDraft,
        dialect: ConfigurationDialect
    ) -> ConfigurationBlocks {
        var blocks = ConfigurationBlocks()
        for setting in settings {
            guard let value = setting.print?(draft, dialect), value != setting.print?(standard, dialect) else {
                continue
            }
            blocks.setting(setting.name(in: dialect), value)
        }
        return blocks
    }

    // MARK: Protocols

    private func print(protocolsOf configuration: AuthConfiguration, into output: inout ConfigurationOutput) {
        for other in configuration.protocols {
            let own = other.configuration
            output.section("protocol", other.name) { output in
                var blocks = globalSettings(of: own, besides: configuration)
                let passdbs = own.passwordDatabases.count - configuration.passwordDatabases.count
                blocks.add("passdb") { output in
                    for database in own.passwordDatabases.prefix(max(0, passdbs)) {
                        print(database, own.dialect, into: &output)
                    }
                }
                let userdbs = own.userDatabases.count - configuration.userDatabases.count
                blocks.add("userdb") { output in
                    for database in own.userDatabases.prefix(max(0, userdbs)) {
                        print(database, own.dialect, into: &output)
                    }
                }
                blocks.print(into: &output)
            }
        }
    }

    // MARK: Services

    private func print(service configuration: AuthConfiguration, into output: inout ConfigurationOutput) {
        var blocks = lines(
            SettingTable.service, of: ConfigurationDraft(configuration),
            standard: ConfigurationDraft(AuthConfiguration()), dialect: configuration.dialect)
        if !configuration.listeners.isEmpty {
            blocks.add("unix_listener") { output in
                for listener in configuration.listeners { print(listener, of: configuration, into: &output) }
            }
        }
        guard !blocks.isEmpty else { return }
        output.section("service", "auth") { output in blocks.print(into: &output) }
    }

    private func print(
        _ listener: UnixListener, of configuration: AuthConfiguration, into output: inout ConfigurationOutput
    ) {
        let base = configuration.baseDirectory + "/"
        let name = listener.path.hasPrefix(base) ? String(listener.path.dropFirst(base.count)) : listener.path
        let standard = ListenerDraft(name: listener.path, location: listener.location)
            .listener(configuration.dialect, configuration: configuration)
        output.section("unix_listener", name) { output in
            if listener.greeting != standard.greeting {
                output.setting("gatepost_greeting", listener.greeting.rawValue)
            }
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
}
