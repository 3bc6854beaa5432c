public import PasswordSchemes

/// What a password database says of a user.
///
/// `decoy` is a stored password of the kind that the database's users have: it is verified in vain, so that a user who
/// doesn't exist costs the time of one who does.
public enum PasswordLookup: Sendable {
    case found(PasswordEntry)
    case unknownUser(decoy: StoredPassword?)
    /// There is such a user, who may not log in, whatever the password; only who knows the password is told why.
    ///
    /// `password` is what the user's would be, nil if nobody can know it; the decoy is verified in vain then.
    case refused(PasswordRefusal, password: StoredPassword?, decoy: StoredPassword?)
    /// The stored password can't be understood: for the mail user a failed login, for the admin an error.
    ///
    /// What else is stored counts as with a wrong password; `hasEmptyPassword` is whether nothing follows the scheme.
    case unusable(
        PasswordSchemeError, fields: [ExtraField] = [], hasEmptyPassword: Bool = false, decoy: StoredPassword?)
    /// The database could not look: for the mail user a temporary failure.
    case failed(DatabaseFailure)
}

/// A user who was found.
public struct PasswordEntry: Sendable {
    /// The name as the database has it, if that differs from what was asked.
    public var user: String?
    public var password: StoredPassword
    /// What else is stored; some fields decide about the login, the others are for the mail server.
    public var fields: [ExtraField]
    /// Whether nothing is stored as a password; such an entry lets nobody in, but for `nopassword`.
    public var hasEmptyPassword: Bool
    /// Whether this may be from before a change of the last second. The right password may log in by it; a wrong one is
    /// only wrong if the database says the same when it is asked again without ``UserQuery/acceptsProvisional``.
    package var isProvisional = false
    /// Which reading of the database it is from: two entries of one user with the same number are the same; 0 if the
    /// database doesn't say.
    package var reading: UInt64 = 0
    /// Is told whether a password was the stored one.
    package var onVerification: (@Sendable (Bool) -> Void)?

    public init(user: String? = nil, password: StoredPassword, fields: [ExtraField] = [], hasEmptyPassword: Bool = false)
    {
        self.user = user
        self.password = password
        self.fields = fields
        self.hasEmptyPassword = hasEmptyPassword
    }
}

/// A field beside the password, `name=value`, or a flag.
public struct ExtraField: Sendable, Hashable {
    public var name: String
    public var value: String?

    public init(_ name: String, _ value: String? = nil) {
        self.name = name
        self.value = value
    }
}

/// Why a user may not log in although there is one.
public enum PasswordRefusal: Sendable, Hashable {
    /// The account is locked; the text is for the log.
    case disabled(String)
    /// The password or the account has expired; the text is for the log.
    case expired(String)

    /// For the log.
    public var logText: String {
        switch self {
        case .disabled(let text), .expired(let text): text
        }
    }
}

/// Why a database could not look; the text names what to mend, and holds no secret.
public struct DatabaseFailure: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
    /// Whether what was known before may still be used.
    package let mayPass: Bool
    /// Whether what should be read isn't there.
    let isMissing: Bool

    public init(_ description: String) {
        self.init(description, mayPass: false, isMissing: false)
    }

    init(_ description: String, mayPass: Bool = false, isMissing: Bool = false) {
        self.description = description
        self.mayPass = mayPass
        self.isMissing = isMissing
    }
}

extension DatabaseFailure {
    /// A file whose content the system has no memory for.
    ///
    /// - Parameter size: in bytes.
    static func withoutMemory(for path: String, size: Int) -> DatabaseFailure {
        DatabaseFailure(
            "there is no memory for the \(size) bytes of \(path) and their index; make the file smaller, or raise the "
                + "limit (systemd: MemoryMax, LimitAS)", mayPass: true)
    }
}
