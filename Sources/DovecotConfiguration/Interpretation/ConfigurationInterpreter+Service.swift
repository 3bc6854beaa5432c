extension ConfigurationInterpreter {
    mutating func interpretService(_ section: RawSection) {
        let place = "service auth"
        for item in section.items {
            switch item {
            case .setting(let raw):
                if let setting = setting(raw.key, of: SettingTable.service, prefix: "service_") {
                    places["service/auth/\(setting.definition.name)"] = raw.location
                    assign(raw, by: setting, to: \.self, in: place)
                } else {
                    reportUnknown(
                        raw.key, at: raw.location, names: SettingTable.service.flatMap(names), place: place)
                }
            case .section(let inner) where inner.isDamaged: break
            case .section(let inner): interpretInService(inner)
            }
        }
    }

    private mutating func interpretInService(_ section: RawSection) {
        switch section.keyword {
        case "unix_listener": interpretListener(section)
        case "inet_listener", "fifo_listener":
            report(
                "\(section.title.shortened) is not supported because Gatepost listens only on Unix sockets so far; use a "
                    + "unix_listener in its place (for Postfix: /var/spool/postfix/private/auth, with smtpd_sasl_path = "
                    + "private/auth)", at: section.location)
        case let keyword:
            if let setting = SettingTable.service.first(where: { $0.hasName(keyword) }) {
                places["service/auth/\(setting.definition.name)"] = section.location
                assignList(section, by: setting, to: \.self)
            } else {
                reportUnknownSection(section, names: ["unix_listener"], place: "service auth")
            }
        }
    }

    private mutating func interpretListener(_ section: RawSection) {
        guard let name = section.name, !name.isEmpty else {
            return report("unix_listener needs a path; write unix_listener PATH {", at: section.location)
        }
        // Again the same name changes the same socket, as everywhere in Dovecot.
        var index = draft.listeners.firstIndex { $0.name == name } ?? draft.listeners.count
        if index == draft.listeners.count {
            draft.listeners.append(ListenerDraft(name: name, location: section.location))
            index = draft.listeners.count - 1
        }
        for item in section.items {
            switch item {
            case .setting(let raw):
                if let setting = setting(raw.key, of: SettingTable.listener, prefix: "unix_listener_") {
                    assign(raw, by: setting, to: \.listeners[index], in: "unix_listener")
                    if setting.definition.kind == .mode { tellIfDecimal(raw) }
                } else {
                    reportUnknown(
                        raw.key, at: raw.location, names: SettingTable.listener.flatMap(names), place: "unix_listener")
                }
            case .section(let inner) where inner.isDamaged: break
            case .section(let inner): reportUnknownSection(inner, names: [], place: "unix_listener")
            }
        }
    }

    /// Everybody who leaves the 0 out means it.
    private mutating func tellIfDecimal(_ raw: RawSetting) {
        guard let text = try? text(of: raw), !text.hasPrefix("0"), let mode = try? SettingValue.mode(text)
        else { return }
        let octal = (try? SettingValue.mode("0" + text)) == nil ? "" : "; write 0\(text) if that is meant"
        notices.append(
            "\(raw.location): \(raw.key) = \(text) is a decimal number, as in Dovecot, and means "
                + "\(SettingValue.text(mode: mode))\(octal)")
    }

    /// Where sockets are that mail servers may know by Dovecot's path; `nil` if all are where Dovecot would have them.
    var movedSockets: String? {
        guard !draft.namesBaseDirectory else { return nil }
        let base = draft.configuration.baseDirectory + "/"
        let names = listeners.filter { $0.path.hasPrefix(base) }.map { $0.path.dropFirst(base.count) }
        guard !names.isEmpty else { return nil }
        return "sockets without a directory are in \(base.dropLast()): \(names.joined(separator: ", ")); Dovecot has them "
            + "in /run/dovecot: tell the mail server, or set base_dir = /run/dovecot"
    }

    /// 2.4 allows the section's name before each of its settings.
    func setting<Root>(_ key: String, of table: [Setting<Root>], prefix: String) -> Setting<Root>? {
        table.first { $0.hasName(key) }
            ?? (key.hasPrefix(prefix) ? table.first { $0.hasName(String(key.dropFirst(prefix.count))) } : nil)
    }

    mutating func finishedListeners(_ configuration: AuthConfiguration) -> [UnixListener] {
        var listeners: [UnixListener] = []
        for draft in draft.listeners {
            let listener = draft.listener(dialect, configuration: configuration)
            if let other = listeners.first(where: { $0.path == listener.path }) {
                report("unix_listener \(listener.path) is already at \(other.location); join them", at: draft.location)
            } else {
                listeners.append(listener)
                if listener.mode != 0, let notice = draft.surprise(listener, configuration) { notices.append(notice) }
            }
        }
        func key(_ listener: UnixListener) -> [UInt8] {
            // doveconf sorts names relative to base_dir, in which each slash is written as \s, with a slash behind.
            let base = configuration.baseDirectory + "/"
            let name = listener.path.hasPrefix(base) ? listener.path.dropFirst(base.count) : listener.path[...]
            let escaped = name.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "\\s")
            return Array((escaped + "/").utf8)
        }
        return listeners.filter { $0.mode != 0 }.sorted { key($0).lexicographicallyPrecedes(key($1)) }
    }
}
