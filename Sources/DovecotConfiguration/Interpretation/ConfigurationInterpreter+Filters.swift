extension ConfigurationInterpreter {
    /// Sections that change settings for some clients only.
    static var filterKeywords: Set<String> { ["protocol", "local", "remote", "local_name"] }

    /// A `protocol` section that is for this run counts as if it stood outside; of the others, and of `local`,
    /// `remote` and `local_name`, what is about logins is refused, as Dovecot's auth service never looks at it.
    mutating func interpretFilter(_ section: RawSection) {
        guard section.keyword == "protocol" else { return refuseLogins(in: section) }
        let name = section.name ?? ""
        if !protocolNames.contains(name) { protocolNames.append(name) }
        guard isForThisProtocol(section) else {
            // Its own run says what is wrong with it.
            if !section.items.contains(where: isAboutLogins) { skipped.add(section: section.title.shortened) }
            return
        }
        for item in section.items {
            switch item {
            case .section(let inner) where inner.isDamaged: break
            case .section(let inner) where inner.keyword == "passdb":
                interpretDatabase(inner, role: .passwords, into: \.protocolDatabases)
            case .section(let inner) where inner.keyword == "userdb":
                interpretDatabase(inner, role: .users, into: \.protocolDatabases)
            case .section(let inner) where isLogin(inner.keyword) || Self.filterKeywords.contains(inner.keyword):
                interpretGlobal(inner)
            case .setting(let setting) where isLogin(setting.key): interpretInProtocol(setting, section)
            case .setting(let setting) where !isKnown(setting.key):
                reportUnknown(setting.key, at: setting.location, names: SettingTable.global.flatMap(names))
            // What other services have there is theirs.
            case .setting, .section: break
            }
        }
    }

    private mutating func interpretInProtocol(_ setting: RawSetting, _ section: RawSection) {
        if setting.key.hasPrefix("gatepost_") {
            report(
                "\(setting.key) is for all clients; move it out of \"\(section.title.shortened)\"", at: setting.location)
        } else if setting.key == "auth_debug" || setting.key == "auth_debug_passwords" {
            report(
                "\(setting.key) is for the whole conversation with all clients, whose protocol is not known before they "
                    + "ask; move it out of \"\(section.title.shortened)\"", at: setting.location)
        } else if Self.isForAllProtocols(setting.key) {
            notices.append(
                "\(setting.location): \(setting.key) has no effect inside \"\(section.title.shortened)\", as in Dovecot, "
                    + "whose auth service takes it from outside")
        } else {
            interpretGlobal(setting)
        }
    }

    /// Dovecot's auth service takes these from outside all filters, and says nothing of others.
    private static func isForAllProtocols(_ key: String) -> Bool {
        key == "auth_mechanisms" || key.hasPrefix("auth_cache_") || key == "auth_internal_failure_delay"
    }

    func isForThisProtocol(_ section: RawSection) -> Bool {
        guard section.keyword == "protocol", let protocolName else { return false }
        return Self.filter(section.name ?? "", matches: protocolName)
    }

    /// Dovecot matches the name of a section against the name of a protocol; `!` in front turns it round.
    static func filter(_ section: String, matches name: String) -> Bool {
        section.hasPrefix("!") ? section.dropFirst() != name : section == name
    }

    private func isAboutLogins(_ item: RawSection.Item) -> Bool {
        switch item {
        case .setting(let setting): isLogin(setting.key)
        case .section(let section):
            section.keyword == "passdb" || section.keyword == "userdb" || isLogin(section.keyword)
                || (Self.filterKeywords.contains(section.keyword) && section.items.contains(where: isAboutLogins))
        }
    }

    private mutating func refuseLogins(in section: RawSection) {
        var pending = [section]
        while let current = pending.popLast() {
            for item in current.items {
                switch item {
                case .section(let inner) where inner.isDamaged: break
                case .section(let inner) where Self.filterKeywords.contains(inner.keyword): pending.append(inner)
                case .section(let inner) where isAboutLogins(item):
                    report(misplaced(inner.keyword, in: section), at: inner.location)
                case .setting(let setting) where isAboutLogins(item):
                    report(misplaced(setting.key, in: section), at: setting.location)
                case .setting(let setting) where !isKnown(setting.key):
                    reportUnknown(setting.key, at: setting.location, names: SettingTable.global.flatMap(names))
                case .setting, .section: break
                }
            }
        }
        if !section.items.contains(where: isAboutLogins) { skipped.add(section: section.title.shortened) }
    }

    private func isKnown(_ key: String) -> Bool {
        SettingTable.global.contains { $0.hasName(key) } || ForeignNames.contains(key) || key.hasPrefix("userdb_")
    }

    private func isLogin(_ key: String) -> Bool {
        guard key.hasPrefix("auth_") || key.hasPrefix("gatepost_") else { return false }
        return SettingTable.global.contains { setting in
            if case .ineffective = setting.definition.status, !Self.isForAllProtocols(key) { return false }
            return setting.hasName(key)
        }
    }

    private func misplaced(_ key: String, in section: RawSection) -> String {
        "\(key) is not supported inside \"\(section.title.shortened)\" because auth knows filters by protocol only; "
            + "move it out of the section"
    }
}
