/// One `userdb` section.
public struct UserDatabaseSettings: Sendable, Equatable {
    /// Where the users are.
    public enum Driver: Sendable, Equatable {
        /// A file of lines like those of `/etc/passwd`.
        case passwdFile(PasswdFileSettings)
        /// The system's account database (NSS).
        case passwd
        /// The same fields for every user.
        case `static`(StaticSettings)
        /// What the passdb said of the user in its `userdb_*` fields; answers no lookup without a login.
        case prefetch
    }

    /// Settings of the static driver.
    public struct StaticSettings: Sendable, Equatable {
        /// Fields of every user, such as `uid`, `gid` and `home` (2.3 `args`; 2.4 has them in `fields`).
        ///
        /// A constant `uid` or `gid` may be the name of an account or a group.
        public var fields: [FieldSetting] = []

        /// Whoever is asked for exists; otherwise the passdbs are asked whether they know the name.
        public var allowsAllUsers: Bool = false

        /// A static database with those fields.
        public init(fields: [FieldSetting] = [], allowsAllUsers: Bool = false) {
            self.fields = fields
            self.allowsAllUsers = allowsAllUsers
        }
    }

    /// Where the users are.
    public var driver: Driver

    /// Name of the section, or its `name` setting; empty if it has none.
    public var name: String = ""

    /// When it is asked, and what its answers mean.
    public var rules = UserDatabaseRules()

    /// Fields set before the lookup, which the database may change (2.3 `default_fields`).
    public var defaultFields: [FieldSetting] = []

    /// Fields set after a successful lookup (2.3 `override_fields`, 2.4 `fields`).
    public var overrideFields: [FieldSetting] = []

    /// The fields that the database itself has count (2.4 `fields_import_all`).
    public var importsAllFields: Bool = true

    /// `auth_verbose` for this database alone; `nil` for that of the whole configuration.
    public var verbose: Bool?

    /// Its answers may be remembered (2.4 `use_cache`), if the cache is on.
    public var usesCache: Bool = true

    /// Where the section begins.
    public var location: SourceLocation

    /// A database without a name, with Dovecot's rules.
    public init(driver: Driver, name: String = "", location: SourceLocation) {
        self.driver = driver
        self.name = name
        self.location = location
    }
}
