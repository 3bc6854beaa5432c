/// A database's place in the ``AuthCache``, which serves all databases.
struct CacheSeat: Sendable {
    let cache: AuthCache
    /// Tells it from the other databases of its kind.
    private let number: Int
    private let kind: AuthCache.Key.Kind
    /// What an answer depends on.
    let template: VariableTemplate
    private let notify: @Sendable (String) -> Void

    init(
        _ cache: AuthCache, _ kind: AuthCache.Key.Kind, number: Int, template: VariableTemplate,
        notify: @escaping @Sendable (String) -> Void
    ) {
        self.cache = cache
        self.kind = kind
        self.number = number
        self.template = template
        self.notify = notify
    }

    func key(_ query: UserQuery, master: String?) -> AuthCache.Key {
        AuthCache.Key(database: number, master: master, text: template.expand(query), kind: kind)
    }

    /// What is remembered, however old, because the database can't be asked; the log is told.
    func lastResort(_ key: AuthCache.Key, of driver: String, _ failure: DatabaseFailure) -> AuthCache.Value? {
        switch cache.find(key) {
        case .expired(let value), .hit(let value, _):
            notify("\(driver)(\(key.text)): Falling back to expired data from cache: \(failure)")
            return value
        case .miss: return nil
        }
    }
}
