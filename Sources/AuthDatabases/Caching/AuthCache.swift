internal import PasswordSchemes
internal import Secrets
internal import Synchronization

/// What databases said of users a while ago, by Dovecot's rules (`auth_cache_size`, `_ttl`, `_negative_ttl`).
///
/// Only databases with a ``PasswordDatabase/cacheKey`` are remembered: a passwd-file never, for it is in memory anyway.
/// One cache serves all databases, those of users as well.
public final class AuthCache: AnswerCache {
    struct Key: Hashable, Sendable {
        /// Which database of the configuration.
        let database: Int
        /// Whether a master user was looked up, or somebody for one.
        let master: String?
        /// The variables of the cache key, by which also ``forget(_:)`` finds it.
        let text: String
        var kind = Kind.passwords

        /// What the database is asked for.
        enum Kind: Hashable, Sendable {
            case passwords, users
        }
    }

    /// What is remembered of an answer: a user, or that there is none.
    enum Value: Sendable {
        case user(PasswordEntry)
        /// A user database's.
        case record(UserRecord)
        case unknown
    }

    enum Finding: Sendable {
        case miss
        /// - Parameter isDoubtful: whether a wrong password may be a new one, so that the database has to be asked.
        case hit(Value, isDoubtful: Bool)
        /// Too old, but better than nothing if the database can't be asked.
        case expired(Value)
    }

    private struct Node: Sendable {
        let value: Value
        /// Seconds.
        let created: Int
        let size: Int
        /// Whether the last password was right that was compared with it.
        var wasRight = false
    }

    private struct Table: Sendable {
        var nodes = RecentlyUsed<Key, Node>()
        var size = 0
    }

    let maximumSize: Int
    let timeToLive: Int
    let negativeTimeToLive: Int
    private let clock: @Sendable () -> Int
    private let table = Mutex(Table())

    /// - Parameters:
    ///   - size: bytes, estimated; over that the least recently used are forgotten.
    ///   - timeToLive: seconds for which users are remembered.
    ///   - negativeTimeToLive: seconds for which it is remembered that there is no such user, and that a password was
    ///     wrong; 0 to remember neither.
    ///   - clock: seconds that only rise; nil for the system's.
    /// - Returns: nil if nothing may be remembered.
    public init?(
        size: Int, timeToLive: Int, negativeTimeToLive: Int,
        clock: (@Sendable () -> Int)? = nil
    ) {
        guard size > 0 else { return nil }
        maximumSize = size
        self.timeToLive = timeToLive
        self.negativeTimeToLive = negativeTimeToLive
        self.clock = clock ?? { Int(LookBudget.now() / 1_000_000_000) }
    }

    func find(_ key: Key) -> Finding {
        let now = clock()
        return table.withLock { table in
            guard let node = table.nodes.peek(key) else { return .miss }
            let age = now - node.created
            let limit = if case .unknown = node.value { negativeTimeToLive } else { timeToLive }
            // An expired one is not used, so that it goes before others.
            guard age <= limit else { return .expired(node.value) }
            _ = table.nodes.use(key)
            return .hit(node.value, isDoubtful: node.wasRight || age > negativeTimeToLive)
        }
    }

    func insert(_ value: Value, for key: Key) {
        if case .unknown = value, negativeTimeToLive == 0 { return }
        let node = Node(value: value, created: clock(), size: Self.size(key, value))
        table.withLock { table in
            if let old = table.nodes.remove(key) { table.size -= old.size }
            guard node.size <= maximumSize else { return }
            while table.size > maximumSize - node.size, let old = table.nodes.removeOldest() { table.size -= old.size }
            table.nodes.set(key, node)
            table.size += node.size
        }
    }

    func remove(_ key: Key) {
        table.withLock { table in
            if let old = table.nodes.remove(key) { table.size -= old.size }
        }
    }

    /// Notes whether a password was the remembered one.
    func verified(_ key: Key, _ isRight: Bool) {
        table.withLock { $0.nodes.update(key) { $0.wasRight = isRight } }
    }

    /// - Returns: how many answers were remembered of them.
    @discardableResult
    public func forget(_ users: [String] = []) -> Int {
        table.withLock { table in
            guard !users.isEmpty else {
                defer { table = Table() }
                return table.nodes.count
            }
            let wanted = Set(users)
            var freed = 0
            let count = table.nodes.removeAll { key, node in
                // As in Dovecot, the first of the key's variables is taken for the user's name.
                guard wanted.contains(String(key.text.prefix { $0 != "\t" })) else { return false }
                freed += node.size
                return true
            }
            table.size -= freed
            return count
        }
    }

    /// What an answer takes, about: its texts, and what keeps them together.
    private static func size(_ key: Key, _ value: Value) -> Int {
        var size = 256 + key.text.utf8.count + (key.master?.utf8.count ?? 0)
        let fields: [ExtraField]
        switch value {
        case .user(let entry):
            size += 256 + (entry.user?.utf8.count ?? 0) + (entry.password.costlyData?.withSecret { $0.count } ?? 64)
            fields = entry.fields
        case .record(let record):
            size += 64 + (record.user?.utf8.count ?? 0)
            fields = record.fields
        case .unknown:
            return size
        }
        for field in fields { size += 64 + field.name.utf8.count + (field.value?.utf8.count ?? 0) }
        return size
    }
}
