/// When a `userdb` is asked, and what its answers mean.
public struct UserDatabaseRules: Sendable, Equatable {
    /// When a database is passed over (`skip`).
    public enum Skip: String, Sendable, Equatable, CaseIterable {
        /// It is always asked.
        case never
        /// Passed over once a database before has found the user.
        case found
        /// Passed over unless a database before has found the user.
        case notfound
    }

    /// When it is passed over (`skip`).
    public var skip: Skip = .never

    /// What follows when the user was found (`result_success`).
    public var resultSuccess: DatabaseResultRule = .returnOK

    /// What follows when there is no such user (`result_failure`).
    public var resultFailure: DatabaseResultRule = .continue

    /// What follows a temporary failure (`result_internalfail`).
    public var resultInternalFailure: DatabaseResultRule = .continue

    /// Dovecot's defaults.
    public init() {}
}
