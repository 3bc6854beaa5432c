/// What the password database has said of the user in its `userdb_*` fields: Dovecot's `prefetch` userdb.
///
/// It answers for users who log in; other lookups need another database after it.
public struct PrefetchUserDatabase: UserDatabase {
    public let driver = "prefetch"

    public init() {}

    public func immediateLookup(_ query: UserQuery) -> UserLookup? { .prefetched }

    public func lookup(_ query: UserQuery) async -> UserLookup { .prefetched }
}
