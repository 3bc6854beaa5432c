extension DatabaseDraft {
    /// Checks a `passdb` section as a whole.
    ///
    /// - Throws: The one reason why it cannot be used, with its place.
    func passwordDatabase() throws(ConfigurationErrors.Entry) -> PasswordDatabaseSettings {
        var settings = PasswordDatabaseSettings(
            driver: try passwordDriver(), name: effectiveName, location: location)
        settings.schemeLocation = places[defaultScheme.isEmpty ? "args" : "default_password_scheme"]
        settings.rules = rules
        if rules.pass { settings.rules.resultSuccess = .continue }
        settings.defaultFields = defaultFields
        settings.overrideFields = overrideFields
        if effectiveDriver != "static" { settings.overrideFields += fields }
        settings.importsAllFields = importsAllFields
        settings.verbose = verbose
        settings.usesCache = usesCache
        return settings
    }

    private func passwordDriver() throws(ConfigurationErrors.Entry) -> PasswordDatabaseSettings.Driver {
        switch effectiveDriver {
        case "passwd-file":
            return .passwdFile(try passwdFile())
        case "shadow", "passwd":
            try refuseSettings(but: ["args", "default_password_scheme"])
            guard defaultScheme.isEmpty || defaultScheme.uppercased() == "CRYPT" else {
                throw fault(
                    "default_password_scheme: \(effectiveDriver) passwords are always CRYPT; remove it",
                    at: "default_password_scheme")
            }
            // Where the lookup runs is Dovecot's process model; here it never blocks anything.
            guard args.isEmpty || args == "blocking=no" || args == "blocking=yes" else {
                throw fault("args: the \(effectiveDriver) driver takes none; remove \"\(args.shortened)\"", at: "args")
            }
            return effectiveDriver == "shadow" ? .shadow : .passwd
        case "static":
            try refuseSettings(but: ["args", "static_password"])
            var words = try argumentFields()
            var settings = PasswordDatabaseSettings.StaticSettings(
                password: words.remove("password").flatMap(\.value), fields: words + fields)
            if let staticPassword, !staticPassword.isEmpty {
                settings.password = TemplateText(
                    text: staticPassword, syntax: TemplateText.syntax(of: staticPassword, in: dialect))
            }
            if let password = settings.password { try check(password, at: "static_password") }
            let all = settings.fields + defaultFields
            // Behind a passdb that verifies, it may be there for its fields alone.
            guard settings.password != nil || !all.isEmpty else {
                throw fault(
                    "the static driver needs a password; add args = password=TEXT or nopassword (2.3), or "
                        + "static_password = TEXT (2.4)")
            }
            return .static(settings)
        default:
            throw unknownDriver
        }
    }

    /// Checks a `userdb` section as a whole.
    ///
    /// - Throws: The one reason why it cannot be used, with its place.
    func userDatabase() throws(ConfigurationErrors.Entry) -> UserDatabaseSettings {
        var overrides: [FieldSetting] = []
        let driver: UserDatabaseSettings.Driver
        switch effectiveDriver {
        case "passwd-file":
            driver = .passwdFile(try passwdFile())
        case "passwd":
            try refuseSettings(but: ["args"])
            var words = try argumentFields()
            _ = words.remove("blocking")
            // 2.3 takes fields here, too, and sets them after the lookup.
            overrides = words
            driver = .passwd
        case "static":
            try refuseSettings(but: ["args", "static_allow_all_users"])
            var words = try argumentFields()
            let everybody = words.remove("allow_all_users")
            var settings = UserDatabaseSettings.StaticSettings(
                fields: words + fields, allowsAllUsers: everybody.map { $0.value?.text.lowercased() ?? "yes" } == "yes")
            if let allowsAllUsers { settings.allowsAllUsers = allowsAllUsers }
            driver = .static(settings)
        case "prefetch":
            try refuseSettings(but: [])
            driver = .prefetch
        default:
            throw unknownDriver
        }
        var settings = UserDatabaseSettings(driver: driver, name: effectiveName, location: location)
        settings.rules = userRules
        settings.defaultFields = defaultFields
        settings.overrideFields = overrides + overrideFields
        if effectiveDriver != "static" { settings.overrideFields += fields }
        settings.importsAllFields = importsAllFields
        settings.verbose = verbose
        settings.usesCache = usesCache
        return settings
    }

    private func argumentFields() throws(ConfigurationErrors.Entry) -> [FieldSetting] {
        do throws(ValueError) {
            return try FieldWords.parse(args, dialect)
        } catch {
            throw fault("args: \(error.message)", at: "args")
        }
    }
}
