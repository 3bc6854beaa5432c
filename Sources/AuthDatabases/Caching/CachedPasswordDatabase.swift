public import PasswordSchemes

/// A database that is asked only for what the ``AuthCache`` doesn't know.
public struct CachedPasswordDatabase: PasswordDatabase {
    private let database: any PasswordDatabase
    private let seat: CacheSeat
    private var cache: AuthCache { seat.cache }

    public var driver: String { database.driver }
    public var cacheKey: VariableTemplate? { seat.template }

    /// - Parameters:
    ///   - number: tells it from the other databases that share the cache.
    ///   - notify: gets what the admin should know, for the log at level info.
    /// - Returns: nil if the database's answers must not be remembered.
    public init?(
        _ database: any PasswordDatabase, number: Int, cache: AuthCache,
        notify: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        guard let template = database.cacheKey else { return nil }
        self.database = database
        seat = CacheSeat(cache, .passwords, number: number, template: template, notify: notify)
    }

    public func immediateLookup(_ query: UserQuery) -> PasswordLookup? {
        let key = key(query)
        // A password that may be a new one has to be compared with what the database has.
        if !query.isRepeated, case .hit(let value, let isDoubtful) = cache.find(key) {
            return answer(value, key, isDoubtful: isDoubtful)
        }
        return database.immediateLookup(query).map { remember($0, key) }
    }

    public func lookup(_ query: UserQuery) async -> PasswordLookup {
        let key = key(query)
        if !query.isRepeated, case .hit(let value, let isDoubtful) = cache.find(key) {
            return answer(value, key, isDoubtful: isDoubtful)
        }
        return remember(await database.lookup(query), key)
    }

    public func reload() async throws(DatabaseFailure) {
        try await database.reload()
    }

    public func prepare() async throws(DatabaseFailure) {
        try await database.prepare()
    }

    private func key(_ query: UserQuery) -> AuthCache.Key {
        seat.key(query, master: query.masterUser ?? query.loginUser)
    }

    private func answer(_ value: AuthCache.Value, _ key: AuthCache.Key, isDoubtful: Bool) -> PasswordLookup {
        switch value {
        // A user database's record has a key of another kind.
        case .unknown, .record:
            return .unknownUser(decoy: decoy)
        case .user(var entry):
            entry.isProvisional = isDoubtful
            return .found(watched(entry, key))
        }
    }

    /// Dovecot's choice of what is worth remembering.
    private func remember(_ lookup: PasswordLookup, _ key: AuthCache.Key) -> PasswordLookup {
        switch lookup {
        case .found(let entry):
            guard !entry.fields.contains(where: { $0.name == "noauthenticate" }) else {
                cache.remove(key)
                return lookup
            }
            cache.insert(.user(entry), for: key)
            return .found(watched(entry, key))
        case .unknownUser:
            cache.insert(.unknown, for: key)
            return lookup
        case .refused, .unusable:
            cache.remove(key)
            return lookup
        case .failed(let failure):
            guard let value = seat.lastResort(key, of: driver, failure) else { return lookup }
            return answer(value, key, isDoubtful: false)
        }
    }

    private func watched(_ entry: PasswordEntry, _ key: AuthCache.Key) -> PasswordEntry {
        var entry = entry
        entry.onVerification = { [cache = seat.cache] isRight in cache.verified(key, isRight) }
        return entry
    }

    /// What a stranger costs, as far as the database says without waiting.
    public var decoy: StoredPassword? { database.decoy }
}
