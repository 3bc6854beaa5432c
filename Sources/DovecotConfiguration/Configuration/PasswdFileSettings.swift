/// What a `passdb` or `userdb` section says of its passwd-file.
public struct PasswdFileSettings: Sendable, Equatable {
    /// Absolute path; it may hold variables, so that each domain has its own file.
    public var path: TemplateText

    /// Scheme of passwords without a `{SCHEME}`, upper-case; a `userdb` has no use for it.
    public var defaultScheme: String = "CRYPT"

    /// Template for the name to look up, `nil` for the name as it is.
    public var usernameFormat: TemplateText?

    /// A file with Dovecot's default scheme.
    public init(path: TemplateText, defaultScheme: String = "CRYPT", usernameFormat: TemplateText? = nil) {
        self.path = path
        self.defaultScheme = defaultScheme
        self.usernameFormat = usernameFormat
    }
}
