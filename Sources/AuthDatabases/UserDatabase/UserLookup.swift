/// What a user database says of a user.
public enum UserLookup: Sendable, Hashable {
    case found(UserRecord)
    case unknownUser
    /// The database answers for any name: a password database has to say first whether there is such a user.
    ///
    /// It is asked again with ``UserQuery/isKnown`` set, and then must answer otherwise.
    case unconfirmed
    /// What the password database has said in its `userdb_*` fields is the answer, if it said anything.
    case prefetched
    /// The database could not look: for the mail server a temporary failure.
    case failed(DatabaseFailure)
}

/// What is known of a user.
public struct UserRecord: Sendable, Hashable {
    /// The name as the database has it, if that differs from what was asked.
    public var user: String?
    /// `uid`, `gid`, `home` and whatever else the mail server understands; ids may be names of accounts and groups.
    public var fields: [ExtraField]

    public init(user: String? = nil, fields: [ExtraField]) {
        self.user = user
        self.fields = fields
    }
}
