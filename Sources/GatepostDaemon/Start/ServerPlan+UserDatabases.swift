internal import AuthDatabases
internal import DovecotConfiguration

extension ServerPlan {
    /// What user databases need beside their settings.
    struct UserDatabaseTools {
        let pool: BlockingPool
        /// Gets what databases have to say to the admin.
        let notify: @Sendable (String) -> Void
        /// Remembers the databases' answers; nil if nothing is remembered.
        let cache: AuthCache?
        /// The files that are read once for all databases, by path.
        var files: [String: PasswdFileDatabase] = [:]
        /// Those that are remembered; protocols share what is remembered of a driver.
        private var remembered: [UserDatabaseSettings.Driver] = []

        /// - Parameter passwords: the password databases, whose files user databases share.
        init(beside passwords: [any PasswordDatabase], _ tools: DatabaseTools) {
            pool = tools.pool
            notify = tools.notify
            cache = tools.cache
            for case let file as PasswdFileDatabase in passwords { files[file.path] = files[file.path] ?? file }
        }

        /// The database behind the cache, if that may remember its answers.
        mutating func cached(_ database: any UserDatabase, _ settings: UserDatabaseSettings) -> any UserDatabase {
            guard settings.usesCache, let cache else { return database }
            let known = remembered.firstIndex(of: settings.driver)
            let number = known ?? remembered.count
            guard let cached = CachedUserDatabase(database, number: number, cache: cache, notify: notify) else {
                return database
            }
            if known == nil { remembered.append(settings.driver) }
            return cached
        }
    }

    /// The user databases of a configuration or of one of its protocols, in their order.
    static func userDatabases(
        _ configuration: AuthConfiguration, _ tools: inout UserDatabaseTools
    ) throws(DaemonError) -> [UserDatabaseChain.Link] {
        let (pool, notify) = (tools.pool, tools.notify)
        var links: [UserDatabaseChain.Link] = []
        for settings in configuration.userDatabases {
            let database: any UserDatabase
            switch settings.driver {
            case .passwd:
                database = PasswdUserDatabase(pool: pool, listed: .init(configuration))
            case .prefetch:
                database = PrefetchUserDatabase()
            case .static(let fixed):
                database = StaticUserDatabase(
                    fields: try fieldTemplates(fixed.fields, settings.location), allowsAllUsers: fixed.allowsAllUsers)
            case .passwdFile(let file):
                let templates = try PasswdFileTemplates(file, at: settings.location)
                guard let fixed = templates.path.literal else {
                    let files = PasswdFilesDatabase(path: templates.path, pool: pool, notify: notify)
                    database = PasswdFileUserDatabase(
                        files: files, usernameFormat: templates.usernameFormat, syntax: templates.syntax, pool: pool)
                    break
                }
                let shared = tools.files[fixed] ?? PasswdFileDatabase(path: fixed, pool: pool, notify: notify)
                tools.files[fixed] = shared
                database = PasswdFileUserDatabase(
                    file: shared, usernameFormat: templates.usernameFormat, syntax: templates.syntax,
                    listsPasswordsOnly: configuration.userDatabases.count == 1, pool: pool)
            }
            links.append(.init(tools.cached(database, settings), try rules(settings)))
        }
        return links
    }

    private static func rules(_ settings: UserDatabaseSettings) throws(DaemonError) -> AuthDatabases.UserDatabaseRules {
        var rules = AuthDatabases.UserDatabaseRules()
        rules.name = settings.name
        rules.skip =
            switch settings.rules.skip {
            case .never: .never
            case .found: .ifFound
            case .notfound: .ifNotFound
            }
        rules.onSuccess = .init(settings.rules.resultSuccess)
        rules.onFailure = .init(settings.rules.resultFailure)
        rules.onInternalFailure = .init(settings.rules.resultInternalFailure)
        rules.defaultFields = try fieldTemplates(settings.defaultFields, settings.location)
        rules.overrideFields = try fieldTemplates(settings.overrideFields, settings.location)
        rules.importsAllFields = settings.importsAllFields
        rules.isVerbose = settings.verbose
        return rules
    }

    /// Fields of a userdb; ids that are names of accounts become numbers once, as in Dovecot.
    private static func fieldTemplates(
        _ settings: [FieldSetting], _ location: SourceLocation
    ) throws(DaemonError) -> [FieldTemplate] {
        var templates: [FieldTemplate] = []
        for field in settings {
            guard let value = field.value else {
                templates.append(FieldTemplate(field.name))
                continue
            }
            var text = value
            let name = field.name.prefix { $0 != ":" }
            if name == "uid" || name == "gid", !value.hasVariables, UInt32(value.text) == nil {
                switch AccountNumbers(name == "uid" ? .user(value.text) : .group(value.text)) {
                case .number(let number): text.text = "\(number)"
                case .owner, .unknown:
                    throw DaemonError(
                        inConfiguration: "\(location): there is no \(name == "uid" ? "user" : "group") "
                            + "\"\(value.text)\" on this system (\(field.name) = \(value.text))")
                }
            }
            templates.append(FieldTemplate(field.name, try template(text, "\(location): \(field.name)")))
        }
        return templates
    }
}

extension PasswdUserDatabase.ListedAccounts {
    init(_ configuration: AuthConfiguration) {
        self.init(
            userIDs: Self.ids(configuration.firstValidUserID, configuration.lastValidUserID),
            groupIDs: Self.ids(configuration.firstValidGroupID, configuration.lastValidGroupID))
    }

    /// Empty if the last is before the first.
    private static func ids(_ first: Int, _ last: Int) -> Range<UInt64> {
        let end = last == 0 ? UInt64(UInt32.max) + 1 : UInt64(clamping: last) + 1
        return UInt64(clamping: first)..<max(UInt64(clamping: first), end)
    }
}

extension VariableTemplate.Syntax {
    init(_ syntax: TemplateText.Syntax) {
        switch syntax {
        case .dovecot23: self = .dovecot23
        case .dovecot24: self = .dovecot24
        }
    }
}
