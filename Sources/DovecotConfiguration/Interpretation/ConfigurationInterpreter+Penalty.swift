extension ConfigurationInterpreter {
    /// Of `service anvil` only one thing is about logins: Dovecot's way to switch its penalties off.
    mutating func interpretAnvil(_ section: RawSection) {
        var isOnlyPenalty = section.items.allSatisfy { if case .section = $0 { true } else { false } }
        for case .section(let listener) in section.items where !listener.isDamaged {
            guard listener.keyword == "unix_listener", let name = listener.name,
                name.split(separator: "/").last == "anvil-auth-penalty"
            else {
                isOnlyPenalty = false
                continue
            }
            for case .setting(let raw) in listener.items where raw.key == "mode" || raw.key == "unix_listener_mode" {
                do throws(ValueError) {
                    draft.usesDovecotPenalty = try SettingValue.mode(try text(of: raw)) != 0
                } catch {
                    report("\(raw.key): \(error.message)", at: raw.location)
                }
            }
        }
        if !isOnlyPenalty || section.items.isEmpty { skipped.add(section: section.title.shortened) }
    }
}
