/// How the password of a failed login appears in the log (`auth_verbose_passwords`).
public struct PasswordLogging: Sendable, Equatable {
    /// What is shown.
    public enum Form: String, Sendable, Equatable, CaseIterable {
        /// Nothing.
        case none = "no"
        /// The password.
        case plain
        /// Its SHA-1 in hexadecimal digits.
        case sha1
    }

    /// What is shown.
    public var form: Form

    /// Only so many characters of it, at least 1; `nil` for all.
    public var length: Int?

    /// A form, cut to a length.
    public init(_ form: Form = .none, length: Int? = nil) {
        self.form = form
        self.length = length
    }
}
