/// Gives the tree of a configuration its meaning.
struct ConfigurationInterpreter<Files: ConfigurationFiles> {
    let files: Files
    let dialect: ConfigurationDialect
    var draft = ConfigurationDraft()
    var errors: [ConfigurationErrors.Entry] = []
    var notices: [String] = []
    var skipped = SkippedNames()

    /// Values of other services' settings so far, and in 2.4 of all settings at the end, for `$variables`.
    var texts: [String: String] = [:]
    /// Settings whose final value is being looked up.
    var chain: [String] = []

    /// Where settings outside sections and those of `service auth` (`service/auth/user`) were set last.
    var places: [String: SourceLocation] = [:]

    /// Known from ``finish()`` on.
    var listeners: [UnixListener] = []

    /// The protocol whose sections count in this run; `nil` for what stands outside them.
    let protocolName: String?
    /// All protocols that sections name, in their order.
    var protocolNames: [String] = []

    init(files: Files, dialect: ConfigurationDialect, protocolName: String? = nil) {
        self.files = files
        self.dialect = dialect
        self.protocolName = protocolName
        draft.configuration.dialect = dialect
    }

    mutating func report(_ message: String, at location: SourceLocation) {
        errors.append(ConfigurationErrors.Entry(location: location, message: message))
    }

    mutating func interpret(_ root: RawSection) {
        if dialect == .dovecot24 { collectFinalTexts(root) }
        // What a protocol's section says wins, wherever in the files it stands.
        var own: [RawSection] = []
        for item in root.items {
            switch item {
            case .setting(let setting): interpretGlobal(setting)
            case .section(let section) where section.isDamaged: break
            case .section(let section) where isForThisProtocol(section): own.append(section)
            case .section(let section): interpretGlobal(section)
            }
        }
        for section in own { interpretGlobal(section) }
    }

    /// The configuration as a whole, when all is read.
    mutating func finish() -> AuthConfiguration {
        var configuration = draft.configuration
        if configuration.debugPasswords { configuration.debug = true }
        if configuration.debug { configuration.verbose = true }
        // Saying the default is saying nothing.
        if configuration.allowsWeakSchemesIfSet == (dialect == .dovecot23) { configuration.allowsWeakSchemesIfSet = nil }
        configuration.clientLimit = draft.clientLimit == 0 ? draft.defaultClientLimit : draft.clientLimit
        configuration.serviceUser = draft.serviceUser ?? configuration.defaultInternalUser
        configuration.usesPenalty = draft.usesOwnPenalty && draft.usesDovecotPenalty
        listeners = finishedListeners(configuration)
        configuration.listeners = listeners
        configuration.passwordDatabases = finishedPasswordDatabases()
        configuration.userDatabases = finishedUserDatabases()
        if protocolName == nil {
            if let notice = movedSockets { notices.append(notice) }
            if let notice = skipped.notice { notices.append(notice) }
        }
        return configuration
    }

    // MARK: Outside sections

    mutating func interpretGlobal(_ raw: RawSetting) {
        if let setting = SettingTable.global.first(where: { $0.hasName(raw.key) }) {
            places[setting.definition.name] = raw.location
            assign(raw, by: setting, to: \.self, in: "")
        } else if ForeignNames.contains(raw.key) {
            skipped.add(setting: raw.key)
            // Its value matters only if a $variable names it; files are not opened for it.
            if dialect == .dovecot23, case .literal(let text) = raw.value { texts[raw.key] = text }
            if dialect == .dovecot23, case .variables(let text) = raw.value {
                texts[raw.key] = (try? expand(text, key: raw.key)) ?? text
            }
        } else if raw.key.hasPrefix("passdb_") || raw.key == "passwd_file_path" {
            report("\(raw.key.shortened): put it into the passdb section that it is for", at: raw.location)
        } else if raw.key.hasPrefix("userdb_") {
            report("\(raw.key.shortened): put it into the userdb section that it is for", at: raw.location)
        } else if raw.key.hasPrefix("@") {
            report(
                "\(raw.key.shortened): groups of settings are not supported; write the settings out", at: raw.location)
        } else if let section = Self.section(of: raw.key) {
            report("\(raw.key): put it into the \(section) section that it is for", at: raw.location)
        } else if let place = Self.movedSettings[raw.key] {
            report("\(raw.key): write \(place) instead", at: raw.location)
        } else {
            reportUnknown(raw.key, at: raw.location, names: SettingTable.global.flatMap(names))
        }
    }

    /// Where a setting belongs that has no meaning outside sections.
    private static func section(of key: String) -> String? {
        let databases = [
            ("passdb", SettingTable.passwordDatabase.contains { $0.hasName(key) }),
            ("userdb", SettingTable.userDatabase.contains { $0.hasName(key) }),
        ]
        let sockets = [
            ("unix_listener", SettingTable.listener.contains { $0.hasName(key) }),
            ("service", SettingTable.service.contains { $0.hasName(key) }),
        ]
        // Few have a socket's word in mind that is a database's as well.
        return [databases, sockets].lazy
            .map { places in places.filter(\.1).map(\.0).joined(separator: " or ") }
            .first { !$0.isEmpty }
    }

    /// Names of Dovecot 1, which 2.3 still takes with a warning.
    private static var movedSettings: [String: String] {
        [
            "auth_user": "user in service auth {}", "auth_chroot": "chroot in service auth {}",
            "auth_executable": "executable in service auth {}", "auth_process_size": "vsz_limit in service auth {}",
        ]
    }

    mutating func interpretGlobal(_ section: RawSection) {
        switch section.keyword {
        case "service" where section.name == "auth": interpretService(section)
        case "service" where section.name == nil:
            report("service needs a name; write service auth {", at: section.location)
        case "passdb": interpretDatabase(section, role: .passwords, into: \.databases)
        case "userdb": interpretDatabase(section, role: .users, into: \.databases)
        case let keyword where Self.filterKeywords.contains(keyword): interpretFilter(section)
        case "service" where section.name == "anvil": interpretAnvil(section)
        case "service" where section.name == "auth-worker" && !section.items.isEmpty:
            notices.append(
                "\(section.location): service auth-worker has no effect here, because threads do the workers' work: "
                    + "gatepost_hash_threads says how many verify costly hashes")
        case "service": skipped.add(section: section.title.shortened)
        case "oauth2", "auth_policy":
            report("section \(section.keyword) is not supported yet; remove it", at: section.location)
        case "group":
            report("groups of settings are not supported; write the settings out", at: section.location)
        case let keyword:
            if let setting = SettingTable.global.first(where: { $0.hasName(keyword) }) {
                places[setting.definition.name] = section.location
                assignList(section, by: setting, to: \.self)
            } else if ForeignNames.contains(keyword) {
                skipped.add(section: keyword)
            } else {
                guard !["unix_listener", "inet_listener", "fifo_listener"].contains(keyword) else {
                    return report("\(keyword): put it into service auth {}", at: section.location)
                }
                let known = ["service", "passdb", "userdb", "protocol", "namespace", "plugin"]
                reportUnknownSection(section, names: known)
            }
        }
    }

    // MARK: Unknown names

    func names<Root>(_ setting: Setting<Root>) -> [String] {
        [setting.definition.name] + (setting.definition.newName.map { [$0] } ?? [])
    }

    mutating func reportUnknown(_ key: String, at location: SourceLocation, names: [String], place: String = "") {
        errors.append(unknown(key, at: location, names: names, place: place))
    }

    func unknown(
        _ key: String, at location: SourceLocation, names: [String], place: String
    ) -> ConfigurationErrors.Entry {
        let hint = suggestion(for: key, names: names, isGlobal: place.isEmpty)
        let inside = place.isEmpty ? "" : " in \(place)"
        return ConfigurationErrors.Entry(
            location: location, message: "unknown setting \"\(key.shortened)\"\(inside)\(hint)")
    }

    private func suggestion(for key: String, names: [String], isGlobal: Bool) -> String {
        // Whoever feeds something else than a configuration need not wait for a thousand good guesses.
        guard errors.count < 50 else { return "" }
        let nearest =
            SpellingSuggestion.nearest(to: key, among: names)
            ?? (isGlobal ? SpellingSuggestion.nearest(to: key, among: ForeignNames.sorted) : nil)
        return nearest.map { " (did you mean \"\($0)\"?)" } ?? ""
    }

    mutating func reportUnknownSection(_ section: RawSection, names: [String], place: String = "") {
        let hint = SpellingSuggestion.nearest(to: section.keyword, among: names).map { " (did you mean \"\($0)\"?)" }
        let inside = place.isEmpty ? "" : " in \(place)"
        report("unknown section \"\(section.keyword.shortened)\"\(inside)\(hint ?? "")", at: section.location)
    }
}
