/// One `passdb` section.
public struct PasswordDatabaseSettings: Sendable, Equatable {
    /// Where the passwords are.
    public enum Driver: Sendable, Equatable {
        /// A file of lines like those of `/etc/passwd`.
        case passwdFile(PasswdFileSettings)
        /// The system's shadow passwords.
        case shadow
    }

    /// Settings of a passwd-file.
    public struct PasswdFileSettings: Sendable, Equatable {
        /// Absolute path, free of variables.
        public var path: String

        /// Scheme of passwords without a `{SCHEME}`, upper-case.
        public var defaultScheme: String = "CRYPT"

        /// Template for the name to look up, `nil` for the name as it is.
        public var usernameFormat: UsernameFormat?

        /// A file with Dovecot's default scheme.
        public init(path: String, defaultScheme: String = "CRYPT", usernameFormat: UsernameFormat? = nil) {
            self.path = path
            self.defaultScheme = defaultScheme
            self.usernameFormat = usernameFormat
        }
    }

    /// Where the passwords are.
    public var driver: Driver

    /// Name of the section, or its `name` setting; empty if it has none.
    public var name: String = ""

    /// Where the section begins.
    public var location: SourceLocation

    /// A database without a name.
    public init(driver: Driver, name: String = "", location: SourceLocation) {
        self.driver = driver
        self.name = name
        self.location = location
    }
}
