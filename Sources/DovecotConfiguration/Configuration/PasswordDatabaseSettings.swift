/// One `passdb` section.
public struct PasswordDatabaseSettings: Sendable, Equatable {
    /// Where the passwords are.
    public enum Driver: Sendable, Equatable {
        /// A file of lines like those of `/etc/passwd`.
        case passwdFile(PasswdFileSettings)
        /// The system's shadow passwords.
        case shadow
        /// The passwords of the system's account database (NSS).
        case passwd
        /// One answer for every name.
        case `static`(StaticSettings)
    }

    /// Settings of the static driver.
    public struct StaticSettings: Sendable, Equatable {
        /// Everybody's password, a `{SCHEME}` in front allowed, PLAIN without; `nil` with the field `nopassword` in
        /// ``fields`` or in the section's own fields, else every lookup fails as Dovecot's does.
        public var password: TemplateText?

        /// Further fields of every user (2.3 `args`).
        public var fields: [FieldSetting] = []

        /// A static database with that password.
        public init(password: TemplateText? = nil, fields: [FieldSetting] = []) {
            self.password = password
            self.fields = fields
        }
    }

    /// Where the passwords are.
    public var driver: Driver

    /// Name of the section, or its `name` setting; empty if it has none.
    public var name: String = ""

    /// When it is asked, and what its answers mean.
    public var rules = PasswordDatabaseRules()

    /// Fields set before the lookup, which the database may change (2.3 `default_fields`).
    public var defaultFields: [FieldSetting] = []

    /// Fields set after a successful lookup (2.3 `override_fields`, 2.4 `fields`).
    public var overrideFields: [FieldSetting] = []

    /// The fields that the database itself has count (2.4 `fields_import_all`).
    public var importsAllFields: Bool = true

    /// `auth_verbose` for this database alone; `nil` for that of the whole configuration.
    public var verbose: Bool?

    /// Its answers may be remembered (2.4 `use_cache`), if the cache is on and the driver has a ``cacheKey``.
    public var usesCache: Bool = true

    /// Where the section begins.
    public var location: SourceLocation

    /// The line that a passwd-file's default scheme is from: that of `default_password_scheme`, else 2.3's `args`; nil
    /// without either.
    public var schemeLocation: SourceLocation?

    /// A database without a name, with Dovecot's rules.
    public init(driver: Driver, name: String = "", location: SourceLocation) {
        self.driver = driver
        self.name = name
        self.location = location
    }

    /// Templates whose expansions together tell one remembered answer from another: the driver's own key, and
    /// everything in ``defaultFields``. `nil` for drivers whose answers Dovecot never remembers.
    public var cacheKey: [TemplateText]? {
        switch driver {
        case .shadow, .passwd:
            [TemplateText(text: "%u", syntax: .dovecot23)] + defaultFields.compactMap(\.value).filter(\.hasVariables)
        case .passwdFile, .static:
            nil
        }
    }
}
