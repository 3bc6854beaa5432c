/// What a search through user databases wants next.
public enum UserChainStep: Sendable, Hashable {
    /// Ask this one of ``UserDatabaseChain/links`` about ``UserChainRun/query``, and report with
    /// ``UserChainRun/lookedUp(_:)``.
    case lookUp(Int)
    /// Ask the password databases whether there is the user of ``UserChainRun/query``, and report with
    /// ``UserChainRun/confirmed(_:)``.
    case confirm
    /// Ask the system for this account, and report with ``UserChainRun/resolved(_:)``.
    case resolve(AccountReference)
    case finished(UserVerdict)
}

/// What the password databases say to the question whether there is a user.
public enum UserConfirmation: Sendable, Hashable {
    /// The name as they have it, and their `userdb_*` fields without that prefix; nil if they have none.
    case known(user: String, userdbFields: [ExtraField]?)
    case unknown
    /// They can't say without a password.
    case unavailable
    case failed
}

/// An account of the system that stands for a number.
public enum AccountReference: Sendable, Hashable {
    /// A user's name, for `uid`.
    case user(String)
    /// A group's name, for `gid`.
    case group(String)
    /// A file, whose owner and group become `uid` and `gid` (`uidgid_file`).
    case owner(ofFile: String)
}

/// What the system says of an account.
public enum AccountNumbers: Sendable, Hashable {
    case number(UInt32)
    case owner(user: UInt32, group: UInt32)
    /// There is none, or it could not be found out; the text is for the log.
    case unknown(String)
}
