/// A `passdb` section while its settings come in.
struct PasswordDatabaseDraft: Sendable {
    /// Name of the section itself, not of its `name` setting.
    let sectionName: String?
    let location: SourceLocation
    var name = ""
    var driver = ""
    var driverLocation: SourceLocation
    var args = ""
    var argsLocation: SourceLocation
    var path = ""
    var pathLocation: SourceLocation
    var defaultScheme = ""
    var usernameFormat = ""
    /// What is wrong with single settings; not reported if the driver itself is refused.
    var errors: [ConfigurationErrors.Entry] = []
    var skipped: [String] = []

    init(sectionName: String?, location: SourceLocation) {
        self.sectionName = sectionName
        self.location = location
        driverLocation = location
        argsLocation = location
        pathLocation = location
    }

    /// The driver in force: 2.4 takes the section's name where none is given.
    var effectiveDriver: String {
        driver.isEmpty ? sectionName ?? "" : driver
    }

    /// Checks the section as a whole.
    ///
    /// - Throws: The one reason why it cannot be used, with its place.
    func finished(
        _ dialect: ConfigurationDialect
    ) throws(ConfigurationErrors.Entry) -> PasswordDatabaseSettings {
        let name = name.isEmpty ? sectionName ?? "" : name
        switch effectiveDriver {
        case "passwd-file":
            let settings = try passwdFile(dialect)
            return PasswordDatabaseSettings(driver: .passwdFile(settings), name: name, location: location)
        case "shadow":
            if let (word, place) = [("passwd_file_path", pathLocation)].first(where: { _ in !path.isEmpty }) {
                throw fault("\(word): the shadow driver has no such setting; remove it", at: place)
            }
            guard defaultScheme.isEmpty || defaultScheme.uppercased() == "CRYPT" else {
                throw fault("default_password_scheme: shadow passwords are always CRYPT; remove it", at: location)
            }
            guard usernameFormat.isEmpty else {
                throw fault("auth_username_format: the shadow driver has no such setting; remove it", at: location)
            }
            // Where the lookup runs is Dovecot's process model; here it never blocks anything.
            guard args.isEmpty || args == "blocking=no" || args == "blocking=yes" else {
                throw fault("args: the shadow driver takes none; remove \"\(args.shortened)\"", at: argsLocation)
            }
            return PasswordDatabaseSettings(driver: .shadow, name: name, location: location)
        case "":
            throw fault("passdb has no driver; add driver = passwd-file or driver = shadow", at: location)
        default:
            throw fault(
                "driver: \"\(effectiveDriver.shortened)\" is not supported because Gatepost has only passwd-file and "
                    + "shadow so far; use one of these",
                at: driverLocation)
        }
    }

    private func fault(_ message: String, at place: SourceLocation) -> ConfigurationErrors.Entry {
        ConfigurationErrors.Entry(location: place, message: message)
    }

    private func passwdFile(
        _ dialect: ConfigurationDialect
    ) throws(ConfigurationErrors.Entry) -> PasswordDatabaseSettings.PasswdFileSettings {
        guard args.isEmpty || path.isEmpty else {
            throw fault("args and passwd_file_path both name the file; keep one of them", at: argsLocation)
        }
        var settings = PasswordDatabaseSettings.PasswdFileSettings(path: path)
        var place = pathLocation
        if !args.isEmpty {
            settings = try fromArguments()
            place = argsLocation
        }
        guard !settings.path.isEmpty else {
            throw fault(
                "passwd-file has no file; add args = /path/to/users (2.3) or passwd_file_path = /path/to/users (2.4)",
                at: location)
        }
        guard settings.path.hasPrefix("/") else {
            throw fault("passwd_file_path: \"\(settings.path.shortened)\" must begin with /", at: place)
        }
        guard !settings.path.contains("%") else {
            throw fault(
                "passwd-file: variables in the path are not supported because Gatepost reads one file per passdb; "
                    + "name the file itself", at: place)
        }
        if !defaultScheme.isEmpty { settings.defaultScheme = defaultScheme.uppercased() }
        if !usernameFormat.isEmpty {
            // The word is 2.4's, but a 2.3 template under it is as good as one of 2.4 if it has no braces.
            let syntax: UsernameFormat.Syntax =
                dialect == .dovecot24 || usernameFormat.contains("{") ? .dovecot24 : .dovecot23
            settings.usernameFormat = UsernameFormat(text: usernameFormat, syntax: syntax)
        }
        return settings
    }

    /// `scheme=… username_format=… PATH`; all from the first word that begins with `/` is the path, spaces too.
    private func fromArguments() throws(ConfigurationErrors.Entry) -> PasswordDatabaseSettings.PasswdFileSettings {
        var settings = PasswordDatabaseSettings.PasswdFileSettings(path: "")
        var rest = args[...]
        while let first = rest.first, first != "/" {
            let word = rest.prefix { $0 != " " }
            rest = rest[word.endIndex...].drop { $0 == " " }
            guard !word.isEmpty else { continue }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            switch (parts[0], parts.count > 1 ? parts[1] : "") {
            case (_, ""):
                throw fault("args: \"\(word.description.shortened)\" is no setting and no path; a path begins with /",
                            at: argsLocation)
            case ("scheme", let value): settings.defaultScheme = value.uppercased()
            case ("username_format", let value):
                settings.usernameFormat = UsernameFormat(text: value, syntax: .dovecot23)
            case (let key, _):
                throw fault("args: unknown setting \"\(key.shortened)\"; passwd-file has scheme= and username_format=",
                            at: argsLocation)
            }
        }
        settings.path = String(rest)
        return settings
    }
}
