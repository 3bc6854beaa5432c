extension ConfigurationInterpreter {
    /// The text of a value with everything expanded.
    func text(of raw: RawSetting) throws(ValueError) -> String {
        guard !raw.isDamaged else { throw ValueError("the line is not UTF-8") }
        var text: String
        switch raw.value {
        case .literal(let literal): text = literal
        case .variables(let variables): text = try expand(variables, key: raw.key)
        case .heredoc(let lines): text = withoutFinalNewline(lines)
        case .file(let path):
            // Dovecot keeps the newline at the end of the file; no setting of ours wants one.
            text = withoutFinalNewline(
                try content(of: ConfigurationPath.absolute(path, relativeTo: raw.location.file)))
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" }) else {
            throw ValueError("the value holds a line break or a control character")
        }
        return text
    }

    private func content(of path: String) throws(ValueError) -> String {
        let bytes: [UInt8]
        do throws(FileReadError) {
            bytes = try files.read(path)
        } catch {
            throw ValueError("cannot read \(path): \(error.reason)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw ValueError("\(path) is not UTF-8") }
        return text
    }

    private func withoutFinalNewline(_ text: String) -> String {
        text.utf8.last == UInt8(ascii: "\n") ? String(decoding: text.utf8.dropLast(), as: UTF8.self) : text
    }

    // MARK: Taking over

    /// Takes a value over, or reports why not.
    mutating func assign<Root>(
        _ raw: RawSetting, by setting: Setting<Root>, to path: WritableKeyPath<ConfigurationDraft, Root>,
        in place: String
    ) {
        do throws(ValueError) {
            let text = try text(of: raw)
            var root = draft[keyPath: path]
            try assign(text, by: setting, to: &root)
            draft[keyPath: path] = root
            tellIfIneffective(setting, at: raw, in: place)
        } catch {
            report("\(raw.key): \(error.message)", at: raw.location)
        }
    }

    mutating func tellIfIneffective<Root>(_ setting: Setting<Root>, at raw: RawSetting, in place: String) {
        guard case .ineffective(let reason) = setting.definition.status else { return }
        let place = place.isEmpty ? "" : " in \(place)"
        notices.append("\(raw.location): \(raw.key)\(place) has no effect here, because \(reason)")
    }

    /// Takes a text over by what the table says of the setting.
    func assign<Root>(_ text: String, by setting: Setting<Root>, to root: inout Root) throws(ValueError) {
        let definition = setting.definition
        switch definition.status {
        case .implemented:
            try setting.assign?(&root, text, dialect)
        case .refused(let reason):
            guard !SettingValue.areEqual(text, definition.defaultValue, kind: definition.kind) else { return }
            // The value is not shown; some of these are secrets.
            throw ValueError("not supported because \(reason) (only the default \"\(definition.defaultValue)\" is)")
        case .ineffective:
            // Some are kept, to be printed again.
            try setting.assign?(&root, text, dialect)
        }
    }

    /// A section of `word = yes` lines, 2.4's other way to write a list: it changes the list that there is.
    mutating func assignList<Root>(
        _ section: RawSection, by setting: Setting<Root>, to path: WritableKeyPath<ConfigurationDraft, Root>
    ) {
        guard setting.definition.kind == .list else {
            if case .refused(let reason) = setting.definition.status {
                return report("\(section.keyword): not supported because \(reason)", at: section.location)
            }
            return report("\(section.keyword) is a setting; write \(section.keyword) = value", at: section.location)
        }
        var words = SettingValue.list(
            setting.print?(draft[keyPath: path], dialect) ?? setting.definition.defaultValue)
        for item in section.items {
            switch item {
            case .section(let inner):
                report("\(section.keyword) holds lines such as plain = yes, no sections", at: inner.location)
            case .setting(let raw):
                do throws(ValueError) {
                    let isWanted = try SettingValue.boolean(try text(of: raw))
                    words.removeAll { $0.lowercased() == raw.key.lowercased() && !isWanted }
                    if isWanted, !words.contains(where: { $0.lowercased() == raw.key.lowercased() }) {
                        words.append(raw.key)
                    }
                } catch {
                    report("\(raw.key.shortened): \(error.message)", at: raw.location)
                }
            }
        }
        do throws(ValueError) {
            var root = draft[keyPath: path]
            try assign(words.joined(separator: " "), by: setting, to: &root)
            draft[keyPath: path] = root
        } catch {
            report("\(section.keyword): \(error.message)", at: section.location)
        }
    }

    // MARK: Variables

    func expand(_ text: String, key: String, chain: [String] = []) throws(ValueError) -> String {
        let expansion = VariableExpansion(
            dialect: dialect,
            valueOfSetting: { (name) throws(ValueError) in try self.value(of: name, chain: chain + [key]) },
            environmentVariable: files.environmentVariable)
        return try expansion.expand(text, key: key)
    }

    /// The value of a setting outside sections: up to this line in 2.3, at the end of the files in 2.4.
    private func value(of name: String, chain: [String]) throws(ValueError) -> String {
        let setting = SettingTable.global.first { $0.hasName(name) }
        // A setting that names itself means its value so far, in 2.4, too.
        if dialect == .dovecot24, chain != [name] {
            guard !chain.contains(name) else { throw ValueError("$SET:\(name.shortened) refers to itself") }
            if let text = texts[setting?.definition.name ?? name] { return try expand(text, key: name, chain: chain) }
        }
        if let setting { return setting.print?(draft, dialect) ?? setting.definition.defaultValue }
        if let text = texts[name] ?? ForeignNames.defaults[name] { return text }
        guard ForeignNames.contains(name) else { throw ValueError("unknown variable $\(name.shortened)") }
        throw ValueError("$\(name.shortened) is not set above, and Gatepost does not know its default; write the value")
    }

    /// What every setting outside sections has at the end; one that refers to itself is settled on the way, as in 2.4.
    mutating func collectFinalTexts(_ root: RawSection) {
        for case .setting(let raw) in root.items {
            let name = SettingTable.global.first { $0.hasName(raw.key) }?.definition.name ?? raw.key
            switch raw.value {
            case .literal(let text): texts[name] = text
            case .heredoc(let text): texts[name] = withoutFinalNewline(text)
            case .file: texts[name] = nil
            case .variables(let text):
                let words = text.split(separator: " ", omittingEmptySubsequences: false)
                let settled = words.map { $0 == "$SET:\(raw.key)" ? texts[name] ?? defaultText(name) : String($0) }
                let joined = settled.joined(separator: " ")
                if joined.utf8.count <= VariableExpansion.longestValue { texts[name] = joined }
            }
        }
    }

    private func defaultText(_ name: String) -> String {
        SettingTable.global.first { $0.hasName(name) }?.definition.defaultValue ?? ForeignNames.defaults[name] ?? ""
    }
}
