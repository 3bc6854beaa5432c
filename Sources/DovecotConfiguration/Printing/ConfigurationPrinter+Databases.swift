extension ConfigurationPrinter {
    func print(
        _ database: PasswordDatabaseSettings, _ dialect: ConfigurationDialect, into output: inout ConfigurationOutput
    ) {
        var words = DatabaseWords(dialect: dialect, name: database.name)
        switch database.driver {
        case .passwdFile(let settings): words.passwdFile(settings)
        case .shadow: words.driver = "shadow"
        case .passwd: words.driver = "passwd"
        case .static(let settings): words.staticPassword(settings)
        }
        words.rules(database.rules)
        words.fields(database.defaultFields, database.overrideFields)
        words.common(database.importsAllFields, database.verbose, database.usesCache)
        words.print("passdb", into: &output)
    }

    func print(
        _ database: UserDatabaseSettings, _ dialect: ConfigurationDialect, into output: inout ConfigurationOutput
    ) {
        var words = DatabaseWords(dialect: dialect, name: database.name)
        switch database.driver {
        case .passwdFile(let settings): words.passwdFile(settings)
        case .passwd: words.driver = "passwd"
        case .prefetch: words.driver = "prefetch"
        case .static(let settings): words.staticUser(settings)
        }
        words.rules(database.rules)
        words.fields(database.defaultFields, database.overrideFields)
        words.common(database.importsAllFields, database.verbose, database.usesCache)
        words.print("userdb", into: &output)
    }
}
