/// A user database that is asked only for what the ``AuthCache`` doesn't know.
public struct CachedUserDatabase: UserDatabase {
    private let database: any UserDatabase
    private let seat: CacheSeat
    private var cache: AuthCache { seat.cache }

    public var driver: String { database.driver }
    public var cacheKey: VariableTemplate? { seat.template }

    /// - Parameters:
    ///   - number: tells it from the other user databases that share the cache.
    ///   - notify: gets what the admin should know, for the log at level info.
    /// - Returns: nil if the database's answers must not be remembered.
    public init?(
        _ database: any UserDatabase, number: Int, cache: AuthCache,
        notify: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        guard let template = database.cacheKey else { return nil }
        self.database = database
        seat = CacheSeat(cache, .users, number: number, template: template, notify: notify)
    }

    public func immediateLookup(_ query: UserQuery) -> UserLookup? {
        let key = key(query)
        if case .hit(let value, _) = cache.find(key), let answer = answer(value) { return answer }
        return database.immediateLookup(query).map { remember($0, key) }
    }

    public func lookup(_ query: UserQuery) async -> UserLookup {
        let key = key(query)
        if case .hit(let value, _) = cache.find(key), let answer = answer(value) { return answer }
        return remember(await database.lookup(query), key)
    }

    public func names() async throws(DatabaseFailure) -> (any UserNames)? {
        try await database.names()
    }

    public func reload() async throws(DatabaseFailure) {
        try await database.reload()
    }

    private func key(_ query: UserQuery) -> AuthCache.Key { seat.key(query, master: query.masterUser) }

    /// Nil for what is no user database's.
    private func answer(_ value: AuthCache.Value) -> UserLookup? {
        switch value {
        case .record(let record): .found(record)
        case .unknown: .unknownUser
        case .user: nil
        }
    }

    private func remember(_ lookup: UserLookup, _ key: AuthCache.Key) -> UserLookup {
        switch lookup {
        case .found(let record):
            cache.insert(.record(record), for: key)
        case .unknownUser:
            cache.insert(.unknown, for: key)
        case .failed(let failure):
            if let old = seat.lastResort(key, of: driver, failure).flatMap(answer) { return old }
        case .unconfirmed, .prefetched: break
        }
        return lookup
    }
}
