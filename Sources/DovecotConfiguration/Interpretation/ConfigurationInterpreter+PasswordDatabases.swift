extension ConfigurationInterpreter {
    mutating func interpretPasswordDatabase(_ section: RawSection) {
        let known = section.name.flatMap { name in draft.passwordDatabases.firstIndex { $0.sectionName == name } }
        if dialect == .dovecot24, section.name == nil {
            return report("passdb needs a name in Dovecot 2.4; write for example passdb passwd-file {",
                          at: section.location)
        }
        // 2.4 merges sections of one name, 2.3 refuses the second.
        if let known, dialect == .dovecot23 {
            let first = draft.passwordDatabases[known].location
            return report("passdb \(section.name ?? "") is already at \(first); give this one another name",
                          at: section.location)
        }
        var database =
            known.map { draft.passwordDatabases[$0] }
            ?? PasswordDatabaseDraft(sectionName: section.name, location: section.location)
        for item in section.items {
            switch item {
            case .setting(let raw): interpret(raw, in: &database)
            case .section(let inner) where inner.isDamaged: break
            case .section(let inner): interpret(inner, in: &database)
            }
        }
        if let known {
            draft.passwordDatabases[known] = database
        } else {
            draft.passwordDatabases.append(database)
        }
    }

    private mutating func interpret(_ raw: RawSetting, in database: inout PasswordDatabaseDraft) {
        guard let setting = setting(raw.key, of: SettingTable.passwordDatabase, prefix: "passdb_") else {
            if isLoginSetting(raw.key) {
                database.errors.append(
                    ConfigurationErrors.Entry(
                        location: raw.location,
                        message: "\(raw.key) is not supported inside a passdb; move it out of the section"))
            } else {
                let names = SettingTable.passwordDatabase.flatMap(names)
                database.errors.append(unknown(raw.key, at: raw.location, names: names, place: "passdb"))
            }
            return
        }
        switch setting.definition.name {
        case "driver": database.driverLocation = raw.location
        case "args": database.argsLocation = raw.location
        case "passwd_file_path": database.pathLocation = raw.location
        default: break
        }
        do throws(ValueError) {
            try assign(try text(of: raw), by: setting, to: &database, place: "passdb")
        } catch {
            database.errors.append(
                ConfigurationErrors.Entry(location: raw.location, message: "\(raw.key): \(error.message)"))
        }
    }

    private mutating func interpret(_ section: RawSection, in database: inout PasswordDatabaseDraft) {
        let message: String
        if let setting = setting(section.keyword, of: SettingTable.passwordDatabase, prefix: "passdb_") {
            if case .refused(let reason) = setting.definition.status {
                guard !section.items.isEmpty else { return }
                message = "\(section.keyword): not supported because \(reason)"
            } else {
                message = "\(section.keyword) is a setting; write \(section.keyword) = value"
            }
        } else {
            message = "unknown section \"\(section.keyword.shortened)\" in passdb"
        }
        database.errors.append(ConfigurationErrors.Entry(location: section.location, message: message))
    }

    private func isLoginSetting(_ key: String) -> Bool {
        key.hasPrefix("auth_") && SettingTable.global.contains { $0.hasName(key) }
    }

    /// A driver that Gatepost lacks is one error, whatever else its section says.
    mutating func finishedDatabases() -> [PasswordDatabaseSettings] {
        var databases: [PasswordDatabaseSettings] = []
        for database in draft.passwordDatabases {
            let isOurs = ["passwd-file", "shadow", ""].contains(database.effectiveDriver)
            if isOurs { errors += database.errors }
            do throws(ConfigurationErrors.Entry) {
                databases.append(try database.finished(dialect))
            } catch where database.errors.isEmpty || !isOurs {
                errors.append(error)
            } catch {
                // Its settings have said what is wrong.
            }
        }
        return databases
    }
}
