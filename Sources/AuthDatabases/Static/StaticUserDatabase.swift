/// The same for everybody: Dovecot's `static` userdb, whose fields may have variables in them.
public struct StaticUserDatabase: UserDatabase {
    public let driver = "static"
    private let fields: [FieldTemplate]
    private let allowsAllUsers: Bool

    /// - Parameters:
    ///   - fields: `uid`, `gid`, `home` and others.
    ///   - allowsAllUsers: whether every name has a mailbox (`allow_all_users`); otherwise those that a password
    ///     database knows.
    public init(fields: [FieldTemplate], allowsAllUsers: Bool = false) {
        self.fields = fields
        self.allowsAllUsers = allowsAllUsers
    }

    public func immediateLookup(_ query: UserQuery) -> UserLookup? {
        guard allowsAllUsers || query.isKnown else { return .unconfirmed }
        return .found(UserRecord(fields: fields.map { $0.expand(query) }))
    }

    public func lookup(_ query: UserQuery) async -> UserLookup {
        immediateLookup(query) ?? .unconfirmed
    }
}
