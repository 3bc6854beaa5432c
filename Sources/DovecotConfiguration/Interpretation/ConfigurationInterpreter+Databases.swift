extension ConfigurationInterpreter {
    mutating func interpretDatabase(
        _ section: RawSection, role: DatabaseDraft.Role,
        into list: WritableKeyPath<ConfigurationDraft, [DatabaseDraft]>
    ) {
        func index(in list: [DatabaseDraft]) -> Int? {
            section.name.flatMap { name in list.firstIndex { $0.role == role && $0.sectionName == name } }
        }
        // In 2.4 a protocol's section of a known name changes that database for the protocol.
        let isKnownOutside = dialect == .dovecot24 && index(in: draft.databases) != nil
        let list = isKnownOutside ? \.databases : list
        let known = index(in: draft[keyPath: list])
        if dialect == .dovecot24, section.name == nil {
            let word = role.rawValue
            return report(
                "\(word) needs a name in Dovecot 2.4; write for example \(word) passwd-file {", at: section.location)
        }
        // 2.4 merges sections of one name, 2.3 refuses the second.
        if let known, dialect == .dovecot23 {
            let first = draft[keyPath: list][known].location
            return report(
                "\(role.rawValue) \(section.name ?? "") is already at \(first); give this one another name",
                at: section.location)
        }
        var database =
            known.map { draft[keyPath: list][$0] }
            ?? DatabaseDraft(role: role, sectionName: section.name, location: section.location, dialect: dialect)
        for item in section.items {
            switch item {
            case .setting(let raw): interpret(raw, in: &database)
            case .section(let inner) where inner.isDamaged: break
            case .section(let inner): interpret(inner, in: &database)
            }
        }
        if let known {
            draft[keyPath: list][known] = database
        } else {
            draft[keyPath: list].append(database)
        }
    }

    private func table(_ role: DatabaseDraft.Role) -> [Setting<DatabaseDraft>] {
        role == .passwords ? SettingTable.passwordDatabase : SettingTable.userDatabase
    }

    private mutating func interpret(_ raw: RawSetting, in database: inout DatabaseDraft) {
        let place = database.role.rawValue
        // 2.4 lets the section's own name go without saying: password in passdb static {}.
        let long = dialect == .dovecot24 ? database.sectionName.map { "\($0)_\(raw.key)" } : nil
        let found =
            long.flatMap { setting($0, of: table(database.role), prefix: "") }
            ?? setting(raw.key, of: table(database.role), prefix: "\(place)_")
        guard let setting = found else {
            if isLoginSetting(raw.key) {
                database.errors.append(
                    ConfigurationErrors.Entry(
                        location: raw.location,
                        message: "\(raw.key) is not supported inside a \(place), because it is about logins as a whole; "
                            + "move it out of the section"))
            } else {
                let names = table(database.role).flatMap(names)
                database.errors.append(unknown(raw.key, at: raw.location, names: names, place: place))
            }
            return
        }
        database.places[setting.definition.name] = raw.location
        do throws(ValueError) {
            try assign(try text(of: raw), by: setting, to: &database)
            tellIfIneffective(setting, at: raw, in: place)
        } catch {
            database.errors.append(
                ConfigurationErrors.Entry(location: raw.location, message: "\(raw.key): \(error.message)"))
        }
    }

    private mutating func interpret(_ section: RawSection, in database: inout DatabaseDraft) {
        let place = database.role.rawValue
        if ["mechanisms", "mechanisms_filter", "passdb_mechanisms_filter"].contains(section.keyword),
            database.role == .passwords
        {
            return interpretMechanisms(section, in: &database)
        }
        if section.keyword == "fields" || section.keyword == "\(place)_fields" {
            return interpretFields(section, in: &database)
        }
        let message: String
        if setting(section.keyword, of: table(database.role), prefix: "\(place)_") != nil {
            message = "\(section.keyword) is a setting; write \(section.keyword) = value"
        } else {
            message = "unknown section \"\(section.keyword.shortened)\" in \(place)"
        }
        database.errors.append(ConfigurationErrors.Entry(location: section.location, message: message))
    }

    /// `mechanisms_filter { plain = yes … }` changes the list that there is.
    private mutating func interpretMechanisms(_ section: RawSection, in database: inout DatabaseDraft) {
        var words = database.rules.mechanisms ?? []
        for item in section.items {
            switch item {
            case .section(let inner):
                database.errors.append(
                    ConfigurationErrors.Entry(
                        location: inner.location,
                        message: "\(section.keyword) holds lines such as plain = yes, no sections"))
            case .setting(let raw):
                do throws(ValueError) {
                    let isWanted = try SettingValue.boolean(try text(of: raw))
                    words.removeAll { $0 == raw.key.uppercased() }
                    if isWanted { words.append(raw.key.uppercased()) }
                } catch {
                    database.errors.append(
                        ConfigurationErrors.Entry(
                            location: raw.location, message: "\(raw.key.shortened): \(error.message)"))
                }
            }
        }
        database.rules.mechanisms = words.isEmpty ? nil : words
    }

    /// 2.4's `fields { name = value … }`; a name that comes again changes its field.
    private mutating func interpretFields(_ section: RawSection, in database: inout DatabaseDraft) {
        for item in section.items {
            switch item {
            case .section(let inner):
                database.errors.append(
                    ConfigurationErrors.Entry(
                        location: inner.location,
                        message: "fields holds lines such as home = /srv/%{user}, no sections"))
            case .setting(let raw):
                do throws(ValueError) {
                    let value = try TemplateText(text: try text(of: raw), syntax: .dovecot24).checked()
                    if let index = database.fields.firstIndex(where: { $0.name == raw.key }) {
                        database.fields[index].value = value
                    } else {
                        database.fields.append(FieldSetting(name: raw.key, value: value))
                    }
                } catch {
                    database.errors.append(
                        ConfigurationErrors.Entry(
                            location: raw.location, message: "\(raw.key.shortened): \(error.message)"))
                }
            }
        }
    }

    private func isLoginSetting(_ key: String) -> Bool {
        key.hasPrefix("auth_") && SettingTable.global.contains { $0.hasName(key) }
    }

    // MARK: Finishing

    /// All `passdb` sections, those of protocol sections first, as Dovecot asks them.
    mutating func finishedPasswordDatabases() -> [PasswordDatabaseSettings] {
        finishedDatabases(.passwords) { (draft) throws(ConfigurationErrors.Entry) in try draft.passwordDatabase() }
    }

    mutating func finishedUserDatabases() -> [UserDatabaseSettings] {
        finishedDatabases(.users) { (draft) throws(ConfigurationErrors.Entry) in try draft.userDatabase() }
    }

    /// Some socket lets its clients ask for users; mail servers' logins don't need any.
    private var needsUserDatabases: Bool {
        listeners.contains { [.login, .master, .userdb].contains($0.kind) }
    }

    /// A driver that Gatepost lacks is one error, whatever else its section says.
    private mutating func finishedDatabases<Settings>(
        _ role: DatabaseDraft.Role, finish: (DatabaseDraft) throws(ConfigurationErrors.Entry) -> Settings
    ) -> [Settings] {
        var databases: [Settings] = []
        for database in draft.protocolDatabases + draft.databases where database.role == role {
            let isOurs = database.hasKnownDriver
            if role == .users, !needsUserDatabases,
                let reason = ForeignDrivers.reason(database.effectiveDriver, role: role)
            {
                notices.append(
                    "\(database.location): this userdb is not used, for \(reason); no socket here needs it")
                continue
            }
            if isOurs { errors += database.errors }
            do throws(ConfigurationErrors.Entry) {
                databases.append(try finish(database))
            } catch where database.errors.isEmpty || !isOurs {
                errors.append(error)
            } catch {
                // Its settings have said what is wrong.
            }
        }
        return databases
    }
}
