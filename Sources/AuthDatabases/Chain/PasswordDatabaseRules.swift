/// What a `passdb` block says beside its driver: when the database is asked, and what its answer means.
///
/// The defaults are Dovecot's.
public struct PasswordDatabaseRules: Sendable, Hashable {
    /// When a database is passed over (`skip`).
    public enum Skip: Sendable, Hashable {
        case never
        /// The password was verified already.
        case ifAuthenticated
        /// It was not.
        case ifUnauthenticated
    }

    /// What follows from an answer; a password that was right counts as verified for the databases behind.
    public typealias Action = DatabaseAction

    /// Stands at the head of log lines (`name`); empty for the driver's.
    public var name = ""
    /// Whoever is found here is kept out (`deny`).
    public var isDenying = false
    /// Whoever is found here may log in as somebody else, and not as themselves (`master`).
    public var isMaster = false
    public var skip = Skip.never
    public var onSuccess = Action.returnOK
    public var onFailure = Action.continue
    public var onInternalFailure = Action.continue
    /// The mechanisms whose logins come here, in any case; nil for all (`mechanisms`, `mechanisms_filter`).
    ///
    /// `none` and `lookup` stand for lookups that are no login.
    public var mechanisms: [String]?
    /// The names that come here (`username_filter`).
    public var usernameFilter = UsernameFilter()
    /// Fields that are set before the database is asked, so that it can replace them (`default_fields`).
    public var defaultFields: [FieldTemplate] = []
    /// Fields that are set afterwards (`override_fields`).
    public var overrideFields: [FieldTemplate] = []
    /// Whether the fields that the database itself has count (`fields_import_all`).
    public var importsAllFields = true
    /// Whether failures are logged, if it differs from the rest (`auth_verbose`).
    public var isVerbose: Bool?
    /// Whether answers are cached if there is a cache (`use_cache`).
    public var usesCache = true

    public init() {}

    func admits(mechanism: String) -> Bool {
        guard let mechanisms else { return true }
        let words = mechanism.isEmpty ? ["NONE", "LOOKUP"] : [mechanism.uppercased()]
        return mechanisms.contains { words.contains($0.uppercased()) }
    }
}

/// What one database's answer comes to.
enum LookupResult {
    case success, failure, internalFailure
    /// `noauthenticate`.
    case noAuthentication
}
