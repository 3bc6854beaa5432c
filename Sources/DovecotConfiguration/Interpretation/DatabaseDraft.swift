/// A `passdb` or `userdb` section while its settings come in.
struct DatabaseDraft: Sendable {
    /// Which of the two it is.
    enum Role: String, Sendable {
        case passwords = "passdb"
        case users = "userdb"
    }

    let role: Role
    /// Name of the section itself, not of its `name` setting.
    let sectionName: String?
    let location: SourceLocation
    let dialect: ConfigurationDialect

    var name = ""
    var driver = ""
    var args = ""
    var path = ""
    var defaultScheme = ""
    /// `nil` if the section does not say; empty leaves the name alone.
    var usernameFormat: String?
    var staticPassword: String?
    var allowsAllUsers: Bool?
    var defaultFields: [FieldSetting] = []
    var overrideFields: [FieldSetting] = []
    /// 2.4's `fields {}`, of which a later section may change one.
    var fields: [FieldSetting] = []
    var importsAllFields = true
    var rules = PasswordDatabaseRules()
    var userRules = UserDatabaseRules()
    var verbose: Bool?
    var usesCache = true

    /// Where each setting stands, by its name in the table.
    var places: [String: SourceLocation] = [:]
    /// What is wrong with single settings; not reported if the driver itself is refused.
    var errors: [ConfigurationErrors.Entry] = []

    init(role: Role, sectionName: String?, location: SourceLocation, dialect: ConfigurationDialect) {
        self.role = role
        self.sectionName = sectionName
        self.location = location
        self.dialect = dialect
    }

    /// The driver in force: 2.4 takes the section's name where none is given.
    var effectiveDriver: String {
        driver.isEmpty ? sectionName ?? "" : driver
    }

    var effectiveName: String {
        name.isEmpty ? sectionName ?? "" : name
    }

    /// Gatepost has that driver, so that mistakes in the section are worth telling.
    var hasKnownDriver: Bool {
        ["passwd-file", "passwd", "static", ""].contains(effectiveDriver)
            || effectiveDriver == (role == .passwords ? "shadow" : "prefetch")
    }

    // MARK: Errors

    func fault(_ message: String, at setting: String = "") -> ConfigurationErrors.Entry {
        ConfigurationErrors.Entry(location: places[setting] ?? location, message: message)
    }

    func check(_ template: TemplateText, at setting: String) throws(ConfigurationErrors.Entry) {
        do throws(ValueError) {
            _ = try template.checked()
        } catch {
            throw fault("\(setting): \(error.message)", at: setting)
        }
    }

    /// What only other drivers have is an error.
    func refuseSettings(but allowed: Set<String>) throws(ConfigurationErrors.Entry) {
        let others = ["args", "passwd_file_path", "static_password", "static_allow_all_users",
                      "default_password_scheme", "auth_username_format"]
        let given = others.filter { places[$0] != nil && !allowed.contains($0) }
        guard let word = given.first(where: { !(text(of: $0)?.isEmpty ?? false) }) else { return }
        if word == "args" {
            throw fault("args: the \(effectiveDriver) driver takes none; remove \"\(args.shortened)\"", at: word)
        }
        throw fault("\(word): the \(effectiveDriver) driver has no such setting; remove it", at: word)
    }

    private func text(of setting: String) -> String? {
        switch setting {
        case "args": args
        case "passwd_file_path": path
        case "static_password": staticPassword
        case "default_password_scheme": defaultScheme
        case "auth_username_format": usernameFormat
        default: nil
        }
    }

    var unknownDriver: ConfigurationErrors.Entry {
        let ours =
            role == .passwords ? "passwd-file, shadow, passwd and static" : "passwd-file, passwd, static and prefetch"
        guard !effectiveDriver.isEmpty else {
            return fault("\(role.rawValue) has no driver; add driver = passwd-file, or another of \(ours)")
        }
        let reason = ForeignDrivers.reason(effectiveDriver, role: role) ?? "there is no such driver"
        return fault(
            "driver: \"\(effectiveDriver.shortened)\" is not supported because \(reason); Gatepost has \(ours)",
            at: "driver")
    }
}
