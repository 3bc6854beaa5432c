public import AuthDatabases

/// What the password databases have of a user, but for the password.
public enum PasswordRecord: Sendable, Hashable {
    /// The name as they have it, the fields for the mail server, and those for the user databases, without their prefix
    /// `userdb_`; nil if there are none.
    case found(user: String, fields: [ExtraField], userdbFields: [ExtraField]?)
    /// There is no such user, or none who may log in.
    case unknown
    /// There is one, but no rule lets a user of theirs in.
    case barred(user: String, userdbFields: [ExtraField]?)
    /// The databases can't say without a password, or have it in a scheme that they don't know.
    case unavailable
    case failed
}
