@testable import AuthDatabases
import PasswordSchemes
import Secrets
import Synchronization
import Testing

/// Users who can be changed, in a database whose answers may be remembered; it counts its lookups.
private final class Table: PasswordDatabase {
    let driver = "table"
    let cacheKey: VariableTemplate?
    private struct State {
        var answers: [String: PasswordLookup] = [:]
        var lookups = 0
    }
    private let state = Mutex(State())

    init(cacheKey: VariableTemplate? = .user) { self.cacheKey = cacheKey }

    var lookups: Int { state.withLock { $0.lookups } }

    func set(_ user: String, _ answer: PasswordLookup?) { state.withLock { $0.answers[user] = answer } }

    func lookup(_ query: UserQuery) async -> PasswordLookup {
        state.withLock { state in
            state.lookups += 1
            return state.answers[query.user] ?? .unknownUser(decoy: nil)
        }
    }
}

@Suite("Dovecot's cache of answers")
struct AuthCacheTests {
    final class Clock: Sendable {
        private let value = Mutex(1000)
        var now: Int { value.withLock { $0 } }
        func pass(_ seconds: Int) { value.withLock { $0 += seconds } }
    }

    private let clock = Clock()
    private let table = Table()

    private func cache(size: Int = 1 << 20, ttl: Int = 100, negative: Int = 50) throws -> AuthCache {
        let clock = clock
        let cache = AuthCache(size: size, timeToLive: ttl, negativeTimeToLive: negative) { clock.now }
        return try #require(cache)
    }

    private func database(_ cache: AuthCache, number: Int = 0) throws -> CachedPasswordDatabase {
        let database = CachedPasswordDatabase(table, number: number, cache: cache)
        return try #require(database)
    }

    private func user(_ password: String, _ fields: [ExtraField] = []) throws -> PasswordLookup {
        .found(
            PasswordEntry(
                password: try StoredPassword(parsing: Array("{PLAIN}\(password)".utf8).span, defaultScheme: .plain),
                fields: fields))
    }

    /// A login with a password, as the engine does it.
    private func logIn(
        _ database: CachedPasswordDatabase, _ user: String, _ password: String,
        for purpose: ChainPurpose = .verification
    ) async -> ChainVerdict {
        var run = PasswordDatabaseChain([database]).begin(UserQuery(user: user), for: purpose)
        while true {
            switch run.next() {
            case .lookUp:
                if let answer = database.immediateLookup(run.query) {
                    run.lookedUp(answer)
                } else {
                    run.lookedUp(await database.lookup(run.query))
                }
            case .verify(let stored), .verifyInVain(let stored):
                run.verified(
                    stored.plainText?.withSecret { secret in
                        secret.withBytes { bytes in bytes.indices.map { bytes[$0] } == Array(password.utf8) }
                    } ?? false)
            case .derive, .deriveInVain: run.derived(refusal: nil)
            case .finished(let verdict): return verdict
            }
        }
    }

    private func logIn(
        _ database: CachedPasswordDatabase, _ password: String, for purpose: ChainPurpose = .verification
    ) async -> ChainVerdict {
        await logIn(database, "alice", password, for: purpose)
    }

    private func isIn(_ verdict: ChainVerdict) -> Bool { verdict.outcome == .success }

    @Test("A user is asked for once within the time to live, with what the fields say")
    func positive() async throws {
        let database = try database(try cache())
        table.set("alice", try user("right", [ExtraField("a", "b")]))
        for _ in 0..<3 {
            let verdict = await logIn(database, "right")
            #expect(isIn(verdict) && verdict.fields == [ExtraField("a", "b")])
        }
        #expect(table.lookups == 1)
        clock.pass(100)
        #expect(isIn(await logIn(database, "right")) && table.lookups == 1)
        clock.pass(1)
        #expect(isIn(await logIn(database, "right")) && table.lookups == 2)
    }

    @Test("That there is no such user is remembered for the negative time to live; 0 is not at all", arguments: [50, 0])
    func negative(seconds: Int) async throws {
        let database = try database(try cache(negative: seconds))
        for _ in 0..<3 { #expect(!isIn(await logIn(database, "x"))) }
        #expect(table.lookups == (seconds == 0 ? 3 : 1))
        table.set("alice", try user("x"))
        #expect(isIn(await logIn(database, "x")) == (seconds == 0))
        clock.pass(seconds + 1)
        #expect(isIn(await logIn(database, "x")))
    }

    // passdb-cache.c: after a success a mismatch is taken for a changed password.
    @Test("A wrong password after a right one asks the database; another wrong one is told from the cache")
    func mismatch() async throws {
        let database = try database(try cache())
        table.set("alice", try user("right"))
        #expect(isIn(await logIn(database, "right")) && table.lookups == 1)
        #expect(!isIn(await logIn(database, "wrong")) && table.lookups == 2)
        for _ in 0..<3 { #expect(!isIn(await logIn(database, "wrong")) && table.lookups == 2) }
        #expect(isIn(await logIn(database, "right")) && table.lookups == 2)
        #expect(!isIn(await logIn(database, "wrong")) && table.lookups == 3)
        clock.pass(51)
        #expect(!isIn(await logIn(database, "wrong")) && table.lookups == 4)
    }

    @Test("A changed password works at once for who was in, and the old one until it is forgotten")
    func changed() async throws {
        let database = try database(try cache())
        table.set("alice", try user("old"))
        #expect(isIn(await logIn(database, "old")))
        table.set("alice", try user("new"))
        #expect(isIn(await logIn(database, "old")) && table.lookups == 1)
        #expect(isIn(await logIn(database, "new")) && table.lookups == 2)
        #expect(!isIn(await logIn(database, "old")))
    }

    @Test("What is expired is better than nothing while the database can't be asked")
    func failure() async throws {
        let database = try database(try cache())
        table.set("alice", try user("right"))
        #expect(isIn(await logIn(database, "right")))
        table.set("alice", .failed(DatabaseFailure("gone")))
        table.set("bob", .failed(DatabaseFailure("gone")))
        clock.pass(1000)
        #expect(isIn(await logIn(database, "right")))
        #expect(await logIn(database, "wrong").outcome == .wrongPasswordOrUnknownUser)
        #expect(await logIn(database, "bob", "right").outcome == .internalFailure)
    }

    @Test("Who may not log in, or has no password of his own, is not remembered")
    func unremembered() async throws {
        let database = try database(try cache())
        table.set("alice", .refused(.disabled("locked"), password: nil, decoy: nil))
        table.set("bob", try user("x", [ExtraField("noauthenticate")]))
        for user in ["alice", "bob", "alice", "bob"] { _ = await logIn(database, user, "x") }
        // The second answer of a login that lets nobody in is the database's own, so nothing is asked twice.
        #expect(table.lookups == 4)
    }

    @Test("Challenge-response mechanisms are answered from it")
    func credentials() async throws {
        let database = try database(try cache())
        table.set("alice", try user("right"))
        for _ in 0..<3 { #expect(isIn(await logIn(database, "", for: .credentials))) }
        #expect(table.lookups == 1)
    }

    @Test("It holds no more than its size: who was not asked for goes first")
    func size() async throws {
        let cache = try cache(size: 3000)
        let database = try database(cache)
        for name in ["alice", "b", "c", "d", "e", "f"] { table.set(name, try user("x")) }
        for name in ["b", "alice", "c", "alice", "d", "alice", "e", "alice", "f", "alice"] {
            _ = await logIn(database, name, "x")
        }
        #expect(table.lookups == 6)
        _ = await logIn(database, "b", "x")
        #expect(table.lookups == 7)
        #expect(cache.forget() < 6)
    }

    @Test("Two databases, and master users, don't answer for each other")
    func apart() async throws {
        let cache = try cache()
        let (first, second) = (try database(cache, number: 0), try database(cache, number: 1))
        table.set("alice", try user("x"))
        _ = await logIn(first, "x")
        _ = await logIn(second, "x")
        #expect(table.lookups == 2)
        var query = UserQuery(user: "alice")
        query.loginUser = "bob"
        #expect(first.immediateLookup(query) == nil)
    }

    @Test("It forgets whom it is told to forget, and says how many answers that were")
    func forget() async throws {
        let cache = try cache()
        let database = try database(cache)
        for name in ["alice", "bob"] {
            table.set(name, try user("x"))
            _ = await logIn(database, name, "x")
        }
        _ = await logIn(database, "carol", "x")
        #expect(cache.forget(["bob", "nobody"]) == 1)
        _ = await logIn(database, "alice", "x")
        #expect(table.lookups == 3)
        _ = await logIn(database, "bob", "x")
        #expect(table.lookups == 4)
        #expect(cache.forget([]) == 3 && cache.forget() == 0)
        _ = await logIn(database, "alice", "x")
        #expect(table.lookups == 5)
    }

    // passwd-file sets no cache key in 2.3 and 2.4.
    @Test("A database without a cache key, as a passwd-file, is never remembered")
    func keyless() throws {
        #expect(CachedPasswordDatabase(Table(cacheKey: nil), number: 0, cache: try cache()) == nil)
        let file = PasswdFileDatabase(path: "/nowhere", pool: BlockingPool(threads: 0))
        #expect(CachedPasswordDatabase(file, number: 0, cache: try cache()) == nil)
        #expect(ShadowDatabase(pool: BlockingPool(threads: 0)).cacheKey != nil)
    }

    @Test("Without a size there is no cache")
    func off() {
        #expect(AuthCache(size: 0, timeToLive: 1, negativeTimeToLive: 1) == nil)
    }
}
