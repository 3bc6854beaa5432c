internal import AuthDatabases
internal import AuthServer
internal import DovecotConfiguration
internal import PasswordSchemes

extension ServerPlan {
    /// What password databases need beside their settings.
    struct DatabaseTools {
        let pool: BlockingPool
        /// Gets what databases have to say to the admin.
        let notify: @Sendable (String) -> Void
        /// Gets what explains failed logins, with `auth_verbose`.
        let inform: @Sendable (String) -> Void
        /// Remembers the databases' answers; nil if nothing is remembered.
        let cache: AuthCache?
        /// Whether expired accounts of shadow are refused.
        let shadowDates: ShadowDatabase.DatePolicy
        /// The databases so far; protocols share those that are set alike.
        private(set) var made: [(settings: PasswordDatabaseSettings, database: any PasswordDatabase)] = []

        init(
            pool: BlockingPool, notify: @escaping @Sendable (String) -> Void,
            inform: @escaping @Sendable (String) -> Void, cache: AuthCache?, shadowDates: ShadowDatabase.DatePolicy
        ) {
            self.pool = pool
            self.notify = notify
            self.inform = inform
            self.cache = cache
            self.shadowDates = shadowDates
        }

        func database(_ settings: PasswordDatabaseSettings) -> (any PasswordDatabase)? {
            made.first { $0.settings.driver == settings.driver && $0.settings.usesCache == settings.usesCache }?.database
        }

        mutating func add(_ database: any PasswordDatabase, _ settings: PasswordDatabaseSettings) {
            let cached = settings.usesCache
                ? cache.flatMap { CachedPasswordDatabase(database, number: made.count, cache: $0, notify: notify) } : nil
            made.append((settings, cached ?? database))
        }
    }

    /// The databases of a configuration or of one of its protocols, in their order.
    static func passwordDatabases(
        _ configuration: AuthConfiguration, _ tools: inout DatabaseTools
    ) throws(DaemonError) -> [PasswordDatabaseChain.Link] {
        var links: [PasswordDatabaseChain.Link] = []
        for settings in configuration.passwordDatabases {
            if tools.database(settings) == nil { tools.add(try passwordDatabase(settings, tools), settings) }
            guard let database = tools.database(settings) else { continue }
            links.append(.init(database, try rules(settings)))
        }
        return links
    }

    private static func passwordDatabase(
        _ settings: PasswordDatabaseSettings, _ tools: DatabaseTools
    ) throws(DaemonError) -> any PasswordDatabase {
        switch settings.driver {
        case .shadow:
            return ShadowDatabase(pool: tools.pool, dates: tools.shadowDates)
        case .passwd:
            return PasswdDatabase(pool: tools.pool)
        case .static(let answer):
            var password: VariableTemplate?
            if let text = answer.password { password = try template(text, "\(settings.location): password") }
            let fields = try fields(answer.fields, settings)
            do throws(PasswordSchemeError) {
                return try StaticDatabase(password: password, fields: fields)
            } catch {
                throw DaemonError(inConfiguration: "\(settings.location): password: \(error)")
            }
        case .passwdFile(let file):
            return try passwdFile(file, settings, tools)
        }
    }

    private static func passwdFile(
        _ file: PasswdFileSettings, _ settings: PasswordDatabaseSettings, _ tools: DatabaseTools
    ) throws(DaemonError) -> any PasswordDatabase {
        guard let scheme = PasswordScheme(named: file.defaultScheme) else {
            throw DaemonError(
                inConfiguration: "\(settings.schemeLocation ?? settings.location): there is no password scheme "
                    + "\"\(file.defaultScheme)\" (scheme=, default_password_scheme); gatepost pw -l lists those there are")
        }
        let templates = try PasswdFileTemplates(file, at: settings.location)
        guard let fixed = templates.path.literal else {
            return PasswdFilesDatabase(
                path: templates.path, defaultScheme: scheme, usernameFormat: templates.usernameFormat,
                fieldSyntax: templates.syntax, pool: tools.pool, notify: tools.notify, inform: tools.inform)
        }
        return PasswdFileDatabase(
            path: fixed, defaultScheme: scheme, usernameFormat: templates.usernameFormat, fieldSyntax: templates.syntax,
            pool: tools.pool, notify: tools.notify)
    }

    private static func rules(
        _ settings: PasswordDatabaseSettings
    ) throws(DaemonError) -> AuthDatabases.PasswordDatabaseRules {
        var rules = AuthDatabases.PasswordDatabaseRules()
        rules.name = settings.name
        rules.isDenying = settings.rules.deny
        rules.isMaster = settings.rules.master
        rules.skip = .init(settings.rules.skip)
        rules.onSuccess = .init(settings.rules.resultSuccess)
        rules.onFailure = .init(settings.rules.resultFailure)
        rules.onInternalFailure = .init(settings.rules.resultInternalFailure)
        rules.mechanisms = settings.rules.mechanisms
        rules.usernameFilter = UsernameFilter(settings.rules.usernameFilter)
        rules.defaultFields = try fields(settings.defaultFields, settings)
        rules.overrideFields = try fields(settings.overrideFields, settings)
        rules.importsAllFields = settings.importsAllFields
        rules.isVerbose = settings.verbose
        rules.usesCache = settings.usesCache
        return rules
    }

    private static func fields(
        _ fields: [FieldSetting], _ settings: PasswordDatabaseSettings
    ) throws(DaemonError) -> [FieldTemplate] {
        var templates: [FieldTemplate] = []
        for field in fields {
            var value: VariableTemplate?
            if let text = field.value { value = try template(text, "\(settings.location): \(field.name)") }
            templates.append(FieldTemplate(field.name, value))
        }
        return templates
    }

    /// What passdbs and userdbs make of the settings of a passwd-file.
    struct PasswdFileTemplates {
        let path: VariableTemplate
        let usernameFormat: VariableTemplate?
        /// Of the fields in the file.
        let syntax: VariableTemplate.Syntax

        init(_ file: PasswdFileSettings, at location: SourceLocation) throws(DaemonError) {
            path = try ServerPlan.template(file.path, "\(location): path")
            syntax = VariableTemplate.Syntax(file.path.syntax)
            if let text = file.usernameFormat {
                usernameFormat = try ServerPlan.template(text, "\(location): username_format")
            } else {
                usernameFormat = nil
            }
        }
    }

    /// What remembers the databases' answers; nil if nothing is remembered.
    static func answerCache(_ configuration: AuthConfiguration) -> AuthCache? {
        AuthCache(
            size: Int(clamping: configuration.cacheSize), timeToLive: Int(configuration.cacheTTL.components.seconds),
            negativeTimeToLive: Int(configuration.cacheNegativeTTL.components.seconds))
    }

    static func template(_ format: TemplateText, _ name: String) throws(DaemonError) -> VariableTemplate {
        do throws(VariableTemplate.Fault) {
            return try VariableTemplate(
                parsing: format.text, syntax: .init(format.syntax),
                constant: TemplateConstants.value)
        } catch {
            throw DaemonError(inConfiguration: "\(name) = \(error)")
        }
    }
}

extension AuthDatabases.PasswordDatabaseRules.Skip {
    init(_ setting: DovecotConfiguration.PasswordDatabaseRules.Skip) {
        switch setting {
        case .never: self = .never
        case .authenticated: self = .ifAuthenticated
        case .unauthenticated: self = .ifUnauthenticated
        }
    }
}

extension DatabaseAction {
    init(_ rule: DatabaseResultRule) {
        switch rule {
        case .return: self = .return
        case .returnOK: self = .returnOK
        case .returnFail: self = .returnFail
        case .continue: self = .continue
        case .continueOK: self = .continueOK
        case .continueFail: self = .continueFail
        }
    }
}
