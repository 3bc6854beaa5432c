/// When a `passdb` is asked, and what its answers mean.
public struct PasswordDatabaseRules: Sendable, Equatable {
    /// When a database is passed over (`skip`).
    public enum Skip: String, Sendable, Equatable, CaseIterable {
        /// It is always asked.
        case never
        /// Passed over once a database before has accepted the password.
        case authenticated
        /// Passed over unless a database before has accepted the password.
        case unauthenticated
    }

    /// Whoever is in this database is refused (`deny`).
    public var deny: Bool = false

    /// Its users are master users, who may log in as others (`master`).
    public var master: Bool = false

    /// 2.3's older word for `result_success = continue` (`pass`); ``resultSuccess`` already says so.
    public var pass: Bool = false

    /// When it is passed over (`skip`).
    public var skip: Skip = .never

    /// What follows a good password (`result_success`), or ``pass``.
    public var resultSuccess: DatabaseResultRule = .returnOK

    /// What follows an unknown user or a wrong password (`result_failure`).
    public var resultFailure: DatabaseResultRule = .continue

    /// What follows a temporary failure (`result_internalfail`).
    public var resultInternalFailure: DatabaseResultRule = .continue

    /// Mechanisms that it is asked for, upper-case; `nil` for all, empty for none (`mechanisms`, 2.4
    /// `mechanisms_filter`).
    ///
    /// A lookup without a mechanism is called `LOOKUP` here, as in 2.4; 2.3 calls it `none`.
    public var mechanisms: [String]?

    /// Patterns of user names with `*` and `?`, `!` before those to leave out; empty for all (`username_filter`).
    public var usernameFilter: [String] = []

    /// Dovecot's defaults.
    public init() {}
}
