@testable import AuthDatabases
import Synchronization
import Testing

/// Dovecot's rules for userdb results, by auth_request_lookup_user and auth_request_userdb_save_cache of 2.3.19.
@Suite("Dovecot's cache, of user databases")
struct CachedUserDatabaseTests {
    /// Users who can be changed; it counts its lookups.
    private final class Table: UserDatabase {
        let driver = "table"
        let cacheKey: VariableTemplate?
        private struct State {
            var answers: [String: UserLookup] = [:]
            var lookups = 0
        }
        private let state = Mutex(State())

        init(cacheKey: VariableTemplate? = .user) { self.cacheKey = cacheKey }

        var lookups: Int { state.withLock { $0.lookups } }

        func set(_ user: String, _ answer: UserLookup?) { state.withLock { $0.answers[user] = answer } }

        func lookup(_ query: UserQuery) async -> UserLookup {
            state.withLock { state in
                state.lookups += 1
                return state.answers[query.user] ?? .unknownUser
            }
        }
    }

    private let clock = AuthCacheTests.Clock()
    private let table = Table()

    private func cache(negative: Int = 50) throws -> AuthCache {
        let clock = clock
        return try #require(AuthCache(size: 1 << 20, timeToLive: 100, negativeTimeToLive: negative) { clock.now })
    }

    private func home(_ path: String) -> UserLookup { .found(UserRecord(fields: [ExtraField("home", path)])) }

    @Test("A record is remembered for auth_cache_ttl, and then at once")
    func records() async throws {
        let cached = try #require(CachedUserDatabase(table, number: 0, cache: try cache()))
        table.set("alice", home("/a"))
        #expect(cached.immediateLookup(UserQuery(user: "alice")) == nil)
        #expect(await cached.lookup(UserQuery(user: "alice")) == home("/a"))
        table.set("alice", home("/b"))
        clock.pass(100)
        #expect(cached.immediateLookup(UserQuery(user: "alice")) == home("/a"))
        #expect(table.lookups == 1)
        clock.pass(1)
        #expect(cached.immediateLookup(UserQuery(user: "alice")) == nil)
        #expect(await cached.lookup(UserQuery(user: "alice")) == home("/b"))
    }

    @Test("Strangers are remembered for auth_cache_negative_ttl", arguments: [(50, 1), (0, 2)])
    func strangers(negative: Int, lookups: Int) async throws {
        let cached = try #require(CachedUserDatabase(table, number: 0, cache: try cache(negative: negative)))
        for _ in 0..<2 { #expect(await cached.lookup(UserQuery(user: "bob")) == .unknownUser) }
        #expect(table.lookups == lookups)
        clock.pass(51)
        table.set("bob", home("/b"))
        #expect(await cached.lookup(UserQuery(user: "bob")) == home("/b"))
    }

    @Test("A failure is not remembered, and an old record is better than none")
    func failures() async throws {
        let said = Mutex<[String]>([])
        let cached = try #require(
            CachedUserDatabase(table, number: 0, cache: try cache()) { text in said.withLock { $0.append(text) } })
        table.set("alice", .failed(DatabaseFailure("down")))
        for _ in 0..<2 {
            #expect(await cached.lookup(UserQuery(user: "alice")) == .failed(DatabaseFailure("down")))
        }
        table.set("alice", home("/a"))
        #expect(await cached.lookup(UserQuery(user: "alice")) == home("/a"))
        clock.pass(101)
        table.set("alice", .failed(DatabaseFailure("down")))
        #expect(await cached.lookup(UserQuery(user: "alice")) == home("/a"))
        #expect(said.withLock { $0 } == ["table(alice): Falling back to expired data from cache: down"])
    }

    @Test("One cache serves passdbs and userdbs, and none takes the other's answer; CACHE-FLUSH reaches both")
    func shared() async throws {
        let cache = try cache()
        let users = try #require(CachedUserDatabase(table, number: 0, cache: cache))
        let others = try #require(CachedUserDatabase(Table(), number: 1, cache: cache))
        let passwords = try #require(
            CachedPasswordDatabase(StaticKeyed(), number: 0, cache: cache))
        table.set("alice", home("/a"))
        _ = await users.lookup(UserQuery(user: "alice"))
        #expect(await others.lookup(UserQuery(user: "alice")) == .unknownUser)
        guard case .unknownUser = await passwords.lookup(UserQuery(user: "alice")) else {
            Issue.record("a record is no password")
            return
        }
        #expect(users.immediateLookup(UserQuery(user: "alice")) == home("/a"))
        #expect(cache.forget(["alice"]) == 3)
        #expect(users.immediateLookup(UserQuery(user: "alice")) == nil)
    }

    private struct StaticKeyed: PasswordDatabase {
        let driver = "empty"
        let cacheKey: VariableTemplate? = .user
        func lookup(_ query: UserQuery) async -> PasswordLookup { .unknownUser(decoy: nil) }
    }

    @Test("The drivers that Dovecot remembers are, the others never")
    func drivers() throws {
        let pool = BlockingPool(threads: 0)
        #expect(PasswdUserDatabase(pool: pool).cacheKey != nil)
        #expect(PasswdDatabase(pool: pool).cacheKey != nil)
        #expect(CachedUserDatabase(StaticUserDatabase(fields: []), number: 0, cache: try cache()) == nil)
        #expect(CachedUserDatabase(PrefetchUserDatabase(), number: 0, cache: try cache()) == nil)
        #expect(PasswdFileDatabase(path: "/x", pool: pool) { _ in }.cacheKey == nil)
    }
}
