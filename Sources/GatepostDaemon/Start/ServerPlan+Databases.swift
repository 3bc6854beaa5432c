internal import AuthDatabases
internal import DovecotConfiguration
internal import PasswordSchemes

extension ServerPlan {
    static func passwordDatabase(
        _ settings: PasswordDatabaseSettings, pool: BlockingPool, notify: @escaping @Sendable (String) -> Void
    ) throws(DaemonError) -> any PasswordDatabase {
        switch settings.driver {
        case .shadow:
            return ShadowDatabase(pool: pool)
        case .passwd, .static:
            throw DaemonError("\(settings.location): this driver is not served yet")
        case .passwdFile(let file):
            guard let scheme = PasswordScheme(named: file.defaultScheme) else {
                throw DaemonError(
                    "\(settings.location): there is no password scheme \"\(file.defaultScheme)\" (scheme=, "
                        + "default_password_scheme)")
            }
            var format: VariableTemplate?
            if let text = file.usernameFormat {
                format = try template(text, "\(settings.location): username_format")
            }
            return PasswdFileDatabase(
                path: file.path.text, defaultScheme: scheme, usernameFormat: format, pool: pool, notify: notify)
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
                parsing: format.text, syntax: format.syntax == .dovecot24 ? .dovecot24 : .dovecot23,
                constant: TemplateConstants.value)
        } catch {
            throw DaemonError("\(name) = \(error)")
        }
    }
}
