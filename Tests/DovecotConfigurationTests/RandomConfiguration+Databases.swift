import DovecotConfiguration

extension RandomConfiguration {
    mutating func passwordDatabase(_ number: Int, _ dialect: ConfigurationDialect) -> PasswordDatabaseSettings {
        let driver: PasswordDatabaseSettings.Driver =
            switch Int.random(in: 0...3, using: &self) {
            case 0: .shadow
            case 1: .passwd
            case 2: .static(.init(password: template(dialect), fields: fields(dialect)))
            default: .passwdFile(passwdFile(dialect))
            }
        var result = PasswordDatabaseSettings(
            driver: driver, name: databaseName(number, dialect), location: Self.location)
        result.rules = rules(dialect)
        (result.defaultFields, result.overrideFields) = dialect == .dovecot23 ? (words(), fields(dialect)) : ([], fields(dialect))
        if case .static = driver, dialect == .dovecot24 { result.overrideFields = [] }
        if case .static(var settings) = driver, dialect == .dovecot23 {
            // One section has one place for 2.4's fields.
            settings.fields.removeAll { $0.value?.syntax == .dovecot24 }
            result.driver = .static(settings)
            result.overrideFields.removeAll { $0.value?.syntax == .dovecot24 }
        }
        result.importsAllFields = flag()
        result.verbose = [nil, true, false].randomElement(using: &self) ?? nil
        result.usesCache = flag()
        return result
    }

    mutating func userDatabase(_ number: Int, _ dialect: ConfigurationDialect) -> UserDatabaseSettings {
        let driver: UserDatabaseSettings.Driver =
            switch Int.random(in: 0...3, using: &self) {
            case 0: .prefetch
            case 1: .passwd
            case 2: .static(.init(fields: fields(dialect), allowsAllUsers: flag()))
            default: .passwdFile(userFile(dialect))
            }
        var result = UserDatabaseSettings(driver: driver, name: databaseName(number, dialect), location: Self.location)
        result.rules.skip = UserDatabaseRules.Skip.allCases.randomElement(using: &self) ?? .never
        result.rules.resultFailure = DatabaseResultRule.allCases.randomElement(using: &self) ?? .continue
        (result.defaultFields, result.overrideFields) = dialect == .dovecot23 ? (words(), fields(dialect)) : ([], fields(dialect))
        if case .static = driver, dialect == .dovecot24 { result.overrideFields = [] }
        if case .static(var settings) = driver, dialect == .dovecot23 {
            settings.fields.removeAll { $0.value?.syntax == .dovecot24 }
            result.driver = .static(settings)
            result.overrideFields.removeAll { $0.value?.syntax == .dovecot24 }
        }
        result.usesCache = flag()
        return result
    }

    private mutating func rules(_ dialect: ConfigurationDialect) -> PasswordDatabaseRules {
        var rules = PasswordDatabaseRules()
        rules.deny = flag()
        rules.master = flag()
        rules.skip = PasswordDatabaseRules.Skip.allCases.randomElement(using: &self) ?? .never
        rules.resultSuccess = DatabaseResultRule.allCases.randomElement(using: &self) ?? .returnOK
        rules.resultInternalFailure = DatabaseResultRule.allCases.randomElement(using: &self) ?? .continue
        if dialect == .dovecot23, flag() {
            rules.pass = true
            rules.resultSuccess = .continue
        }
        if flag() { rules.mechanisms = ["PLAIN", "LOOKUP"].shuffled(using: &self) }
        if flag(), dialect == .dovecot23 { rules.mechanisms = [] }
        if flag() { rules.usernameFilter = ["*@a", "!b*"] }
        return rules
    }

    // MARK: Templates and fields

    /// 2.4 needs names, each its own.
    private mutating func databaseName(_ number: Int, _ dialect: ConfigurationDialect) -> String {
        dialect == .dovecot24 ? "\(word())\(number)" : text()
    }

    private mutating func template(_ dialect: ConfigurationDialect) -> TemplateText {
        let classic = ["x", "%u", "a%%b", "%Ld/%n", "%2.1n", "%{sha1:user}", "$x", "a#b", "%{if;%u;eq;a;b;c}"]
        let pipeline = ["x", "%{user}", "a%b", "%{user | domain | lower}", "%{user | substr(1)}", "$x", "a#b", " a  b"]
        let texts = dialect == .dovecot24 ? pipeline : classic
        return TemplateText(
            text: texts.randomElement(using: &self) ?? "x", syntax: dialect == .dovecot24 ? .dovecot24 : .dovecot23)
    }

    /// What 2.3's words can say.
    private mutating func words() -> [FieldSetting] {
        (0..<Int.random(in: 0...2, using: &self)).map { number in
            FieldSetting(name: "w\(number)", value: flag() ? template(.dovecot23) : nil)
        }
    }

    private mutating func fields(_ dialect: ConfigurationDialect) -> [FieldSetting] {
        let sections = (0..<Int.random(in: 0...2, using: &self)).map { number in
            FieldSetting(name: flag() ? "s\(number)" : "s\(number):default", value: template(.dovecot24))
        }
        return dialect == .dovecot24 ? sections : words() + sections
    }

    private mutating func passwdFile(_ dialect: ConfigurationDialect) -> PasswdFileSettings {
        var settings = userFile(dialect)
        if flag() { settings.defaultScheme = "SHA256.HEX" }
        return settings
    }

    private mutating func userFile(_ dialect: ConfigurationDialect) -> PasswdFileSettings {
        let syntax: TemplateText.Syntax = dialect == .dovecot24 ? .dovecot24 : .dovecot23
        var settings = PasswdFileSettings(path: TemplateText(text: "/" + text().replacing("{", with: ""), syntax: syntax))
        if flag() {
            settings.usernameFormat =
                flag() && dialect == .dovecot23
                ? TemplateText(text: "%Ln", syntax: .dovecot23)
                : TemplateText(text: "%{user | lower}" + text(), syntax: .dovecot24)
        }
        return settings
    }
}
