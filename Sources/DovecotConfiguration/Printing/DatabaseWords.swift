/// The lines of one `passdb` or `userdb` while they are collected.
struct DatabaseWords {
    let dialect: ConfigurationDialect
    let name: String
    var driver = ""
    private var blocks = ConfigurationBlocks()
    /// What goes into `fields {}`, for words can't say it.
    private var fields: [FieldSetting] = []

    init(dialect: ConfigurationDialect, name: String) {
        self.dialect = dialect
        self.name = name
    }

    func print(_ keyword: String, into output: inout ConfigurationOutput) {
        var blocks = blocks
        if dialect == .dovecot23 || name != driver { blocks.setting("driver", driver) }
        if dialect == .dovecot23, !name.isEmpty { blocks.setting("name", name) }
        if !fields.isEmpty {
            blocks.add("fields") { output in
                output.section("fields", nil) { output in
                    for field in fields {
                        output.setting(ConfigurationQuoting.key(field.name), field.value?.text ?? "")
                    }
                }
            }
        }
        output.section(keyword, dialect == .dovecot24 ? name : nil) { output in blocks.print(into: &output) }
    }

    // MARK: Drivers

    mutating func passwdFile(_ settings: PasswdFileSettings) {
        driver = "passwd-file"
        guard dialect == .dovecot23, settings.isFitForArguments else {
            if let format = settings.usernameFormat { blocks.setting("auth_username_format", format.text) }
            if settings.defaultScheme != "CRYPT" { blocks.setting("default_password_scheme", settings.defaultScheme) }
            return blocks.setting("passwd_file_path", settings.path.text)
        }
        blocks.setting("args", settings.arguments)
    }

    mutating func staticPassword(_ settings: PasswordDatabaseSettings.StaticSettings) {
        driver = "static"
        let password = settings.password.map { FieldSetting(name: "password", value: $0) }
        let isWord = dialect == .dovecot23 && password.map { [$0].wordCount == 1 } ?? true
        if let password, !isWord { blocks.setting("static_password", password.value?.text ?? "") }
        let words = isWord ? [password].compactMap(\.self) : []
        staticFields(words, settings.fields)
    }

    mutating func staticUser(_ settings: UserDatabaseSettings.StaticSettings) {
        driver = "static"
        guard settings.allowsAllUsers else { return staticFields([], settings.fields) }
        if dialect == .dovecot24 { blocks.setting("static_allow_all_users", "yes") }
        let word = FieldSetting(name: "allow_all_users", value: TemplateText(text: "yes", syntax: .dovecot23))
        staticFields([], settings.fields, dialect == .dovecot24 ? [] : [word])
    }

    private mutating func staticFields(
        _ first: [FieldSetting], _ fields: [FieldSetting], _ last: [FieldSetting] = []
    ) {
        let count = dialect == .dovecot23 ? fields.wordCount : 0
        let words = first + fields.prefix(count) + last
        if !words.isEmpty { blocks.setting("args", FieldWords.text(words)) }
        self.fields += fields.dropFirst(count)
    }

    // MARK: Rules

    mutating func rules(_ rules: PasswordDatabaseRules) {
        let standard = PasswordDatabaseRules()
        if rules.deny { blocks.setting("deny", "yes") }
        if rules.master { blocks.setting("master", "yes") }
        if rules.pass { blocks.setting("pass", "yes") }
        if let mechanisms = rules.mechanisms {
            let lookup = dialect == .dovecot24 ? "lookup" : "none"
            let words = mechanisms.map { $0 == "LOOKUP" ? lookup : $0.lowercased() }
            blocks.setting(
                dialect == .dovecot24 ? "mechanisms_filter" : "mechanisms",
                mechanisms.isEmpty ? "none" : mechanisms == ["LOOKUP"] ? "none none" : words.joined(separator: " "))
        }
        if !rules.usernameFilter.isEmpty {
            blocks.setting("username_filter", rules.usernameFilter.joined(separator: " "))
        }
        if rules.skip != standard.skip { blocks.setting("skip", rules.skip.rawValue) }
        results(rules.pass ? .returnOK : rules.resultSuccess, rules.resultFailure, rules.resultInternalFailure)
    }

    mutating func rules(_ rules: UserDatabaseRules) {
        if rules.skip != .never { blocks.setting("skip", rules.skip.rawValue) }
        results(rules.resultSuccess, rules.resultFailure, rules.resultInternalFailure)
    }

    private mutating func results(
        _ success: DatabaseResultRule, _ failure: DatabaseResultRule, _ internalFailure: DatabaseResultRule
    ) {
        if success != .returnOK { blocks.setting("result_success", success.rawValue) }
        if failure != .continue { blocks.setting("result_failure", failure.rawValue) }
        if internalFailure != .continue { blocks.setting("result_internalfail", internalFailure.rawValue) }
    }

    // MARK: Fields

    mutating func fields(_ before: [FieldSetting], _ after: [FieldSetting]) {
        if !before.isEmpty { blocks.setting("default_fields", FieldWords.text(before)) }
        let count = dialect == .dovecot23 ? after.wordCount : 0
        if count > 0 { blocks.setting("override_fields", FieldWords.text(Array(after.prefix(count)))) }
        fields += after.dropFirst(count)
    }

    mutating func common(_ importsAllFields: Bool, _ verbose: Bool?, _ usesCache: Bool) {
        if !importsAllFields { blocks.setting("fields_import_all", "no") }
        if let verbose { blocks.setting("auth_verbose", SettingValue.text(verbose)) }
        if !usesCache { blocks.setting("use_cache", "no") }
    }
}

extension [FieldSetting] {
    /// How many of the first ones 2.3's words can say.
    fileprivate var wordCount: Int {
        firstIndex { field in
            guard let value = field.value else { return false }
            return value.syntax != .dovecot23 || value.text.contains(" ")
        } ?? count
    }
}

extension PasswdFileSettings {
    /// 2.3's `args` end a word at a space.
    fileprivate var isFitForArguments: Bool {
        guard path.syntax == .dovecot23, !defaultScheme.contains(" ") else { return false }
        guard let usernameFormat else { return true }
        return usernameFormat.syntax == .dovecot23 && !usernameFormat.text.contains(" ") && !usernameFormat.text.isEmpty
    }

    fileprivate var arguments: String {
        var words: [String] = []
        if defaultScheme != "CRYPT" { words.append("scheme=\(defaultScheme)") }
        if let usernameFormat { words.append("username_format=\(usernameFormat.text)") }
        return (words + [path.text]).joined(separator: " ")
    }
}
