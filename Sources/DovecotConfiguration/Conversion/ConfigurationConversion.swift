internal import AuthDatabases

/// A configuration of 2.3 in the words of 2.4.
///
/// ``ConfigurationPrinter`` writes it, and what it writes reads back equal.
public struct ConfigurationConversion: Sendable, Equatable {
    /// The configuration in 2.4's words.
    public private(set) var configuration: AuthConfiguration

    /// Sentences on what 2.4 does otherwise.
    public private(set) var notices: [String] = []

    /// What 2.4 can't say, one sentence each.
    public struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// The sentences; at least one.
        public let messages: [String]

        /// One line per sentence.
        public var description: String {
            messages.joined(separator: "\n")
        }
    }

    /// Converts a configuration; one of 2.4 stays as it is.
    ///
    /// - Throws: ``Failure`` with everything that 2.4 has no words for.
    public init(_ old: AuthConfiguration) throws(Failure) {
        configuration = old
        guard old.dialect == .dovecot23 else { return }
        var problems: [String] = []
        configuration = convert(old, &problems, outside: nil)
        configuration.protocols = old.protocols.map { other in
            ProtocolConfiguration(
                name: other.name, configuration: convert(other.configuration, &problems, outside: configuration))
        }
        guard problems.isEmpty else {
            throw Failure(messages: problems.reduce(into: []) { if !$0.contains($1) { $0.append($1) } })
        }
    }

    /// - Parameter outside: What stands outside the sections of the protocol that this is for, converted.
    private mutating func convert(
        _ old: AuthConfiguration, _ problems: inout [String], outside: AuthConfiguration?
    ) -> AuthConfiguration {
        var new = old
        new.dialect = .dovecot24
        new.protocols = []
        // The default is the same in both languages, and goes without saying.
        if old.usernameFormat != AuthConfiguration().usernameFormat {
            new.usernameFormat = translated(old.usernameFormat, "auth_username_format", &problems)
        }
        if old.allowsWeakSchemesIfSet == nil {
            // The default is another one in 2.4.
            new.allowsWeakSchemesIfSet = true
            note("auth_allow_weak_schemes = yes keeps passwords in weak schemes good, which 2.4 refuses by default")
        }
        // A protocol's own databases come first, with names that are not used outside; those from outside keep theirs.
        let passdbs = outside?.passwordDatabases ?? []
        var names = Set(passdbs.map(\.name))
        new.passwordDatabases = old.passwordDatabases.dropLast(passdbs.count).map { database in
            var database = convert(database, &problems)
            database.name = unique(database.name, database.driverName, &names)
            return database
        } + passdbs
        let userdbs = outside?.userDatabases ?? []
        names = Set(userdbs.map(\.name))
        new.userDatabases = old.userDatabases.dropLast(userdbs.count).map { database in
            var database = convert(database, &problems)
            database.name = unique(database.name, database.driverName, &names)
            return database
        } + userdbs
        return new
    }

    private mutating func note(_ notice: String) {
        if !notices.contains(notice) { notices.append(notice) }
    }

    /// 2.4 goes by names, so that each section needs one of its own.
    private func unique(_ name: String, _ driver: String, _ names: inout Set<String>) -> String {
        // No quotes get around these in the name of a section.
        let sayable = String(name.map { "\"\\".contains($0) ? "_" : $0 })
        let base = sayable.isEmpty ? driver : sayable
        var candidate = base
        var number = 2
        while !names.insert(candidate).inserted {
            candidate = "\(base)-\(number)"
            number += 1
        }
        return candidate
    }

    // MARK: Databases

    private mutating func convert(
        _ old: PasswordDatabaseSettings, _ problems: inout [String]
    ) -> PasswordDatabaseSettings {
        var new = old
        let place = "\(old.location): passdb"
        new.rules.pass = false
        if old.rules.mechanisms?.isEmpty ?? false { new.rules.mechanisms = ["NONE"] }
        var fields = converted(old.defaultFields, place, isDefault: true, &problems)
        let overrides = converted(old.overrideFields, place, isDefault: false, &problems)
        switch old.driver {
        case .passwdFile(let file):
            new.driver = .passwdFile(converted(file, place, &problems))
            fields += overrides
        case .shadow:
            note("\(old.location): Dovecot 2.4 itself has no shadow driver, Gatepost has it in 2.4's words, too")
            fields += overrides
        case .passwd:
            fields += overrides
        case .static(let settings):
            let own = converted(settings.fields, place, isDefault: false, &problems)
            new.driver = .static(
                .init(
                    password: settings.password.map { translated($0, "\(place): password", &problems) },
                    fields: Self.merged(fields + own + overrides)))
            fields = []
        }
        new.defaultFields = []
        new.overrideFields = Self.merged(fields)
        return new
    }

    private mutating func convert(_ old: UserDatabaseSettings, _ problems: inout [String]) -> UserDatabaseSettings {
        var new = old
        let place = "\(old.location): userdb"
        var fields = converted(old.defaultFields, place, isDefault: true, &problems)
        let overrides = converted(old.overrideFields, place, isDefault: false, &problems)
        switch old.driver {
        case .passwdFile(let file):
            new.driver = .passwdFile(converted(file, place, &problems))
            fields += overrides
        case .passwd, .prefetch:
            fields += overrides
        case .static(let settings):
            let own = converted(settings.fields, place, isDefault: false, &problems)
            new.driver = .static(
                .init(
                    fields: Self.merged(fields + own + overrides), allowsAllUsers: settings.allowsAllUsers))
            fields = []
        }
        new.defaultFields = []
        new.overrideFields = Self.merged(fields)
        return new
    }

    private mutating func converted(
        _ file: PasswdFileSettings, _ place: String, _ problems: inout [String]
    ) -> PasswdFileSettings {
        PasswdFileSettings(
            path: translated(file.path, "\(place): args", &problems), defaultScheme: file.defaultScheme,
            usernameFormat: file.usernameFormat.map { translated($0, "\(place): username_format", &problems) })
    }

    // MARK: Fields and templates

    /// What 2.3 sets before the lookup, 2.4 sets afterwards where the database has not.
    private mutating func converted(
        _ fields: [FieldSetting], _ place: String, isDefault: Bool, _ problems: inout [String]
    ) -> [FieldSetting] {
        fields.map { field in
            var name = field.name
            if name.hasSuffix(":protected") { name = "\(name.dropLast(":protected".count)):default" }
            if isDefault, !name.contains(":") { name += ":default" }
            let value = field.value.map { translated($0, "\(place): \(field.name)", &problems) }
            return FieldSetting(name: name, value: value ?? TemplateText(text: "", syntax: .dovecot24))
        }
    }

    /// In 2.4's sections a name can stand only once, and the last one counts.
    private static func merged(_ fields: [FieldSetting]) -> [FieldSetting] {
        fields.reduce(into: []) { fields, field in
            if let index = fields.firstIndex(where: { $0.name == field.name }) {
                fields[index] = field
            } else {
                fields.append(field)
            }
        }
    }

    private mutating func translated(
        _ template: TemplateText, _ place: String, _ problems: inout [String]
    ) -> TemplateText {
        guard template.syntax == .dovecot23 else { return template }
        do throws(VariableTemplate.Fault) {
            let translation = try TemplateTranslation(classic: template.text)
            for caution in translation.cautions { note("\(place): \(caution)") }
            return TemplateText(text: translation.text, syntax: .dovecot24)
        } catch {
            problems.append("\(place): \(error.description)")
            return template
        }
    }
}

extension PasswordDatabaseSettings {
    fileprivate var driverName: String {
        switch driver {
        case .passwdFile: "passwd-file"
        case .shadow: "shadow"
        case .passwd: "passwd"
        case .static: "static"
        }
    }
}

extension UserDatabaseSettings {
    fileprivate var driverName: String {
        switch driver {
        case .passwdFile: "passwd-file"
        case .passwd: "passwd"
        case .static: "static"
        case .prefetch: "prefetch"
        }
    }
}
