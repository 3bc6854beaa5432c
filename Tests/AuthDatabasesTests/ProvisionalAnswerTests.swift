@testable import AuthDatabases
import Glibc
import PasswordSchemes
import Secrets
import Testing

@Suite("Answers while a passwd-file is read again")
struct ProvisionalAnswerTests {
    /// A pool whose only thread does nothing until it is let go on.
    private final class HeldPool: Sendable {
        let pool = BlockingPool(threads: 1)
        private let gate = Semaphore()

        func hold() throws { try pool.start { [gate] in gate.wait() } }
        func release() { gate.signal() }
    }

    private func query(_ user: String, provisionally: Bool = true) -> UserQuery {
        var query = UserQuery(user: user)
        query.acceptsProvisional = provisionally
        return query
    }

    private func plain(_ lookup: PasswordLookup?) -> (password: String, isProvisional: Bool)? {
        guard case .found(let entry) = lookup else { return nil }
        let text = entry.password.plainText?.withSecret { secret in
            secret.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
        }
        return text.map { ($0, entry.isProvisional) }
    }

    /// More than 2 MiB, with alice in front.
    private func large(_ password: String, and others: String = "") -> String {
        var text = "alice:{PLAIN}\(password)\n" + others
        for number in 0..<80_000 { text += "user\(number)@example.com:{PLAIN}p\n" }
        return text
    }

    @Test("A large file answers from the old content meanwhile, but only who is there, and only if that will do")
    func large() async throws {
        let place = try PasswdFilePlace(large("old", and: "bob:{PLAIN}b\n"))
        let held = HeldPool()
        let database = PasswdFileDatabase(path: place.path, pool: held.pool)
        try await database.reload()
        #expect(try #require(plain(database.immediateLookup(query("alice")))) == ("old", false))
        try held.hold()
        try place.replace(large("new", and: "carol:{PLAIN}c\n"))
        // The reading is queued by the first lookup that sees the change.
        for _ in 0..<20 {
            #expect(try #require(plain(database.immediateLookup(query("alice")))) == ("old", true))
        }
        #expect(database.immediateLookup(query("alice", provisionally: false)) == nil)
        #expect(database.immediateLookup(query("carol")) == nil)
        #expect(database.immediateLookup(query("nobody")) == nil)
        async let carol = database.lookup(query("carol"))
        async let strict = database.lookup(query("alice", provisionally: false))
        held.release()
        #expect(try #require(plain(await carol)) == ("c", false))
        #expect(try #require(plain(await strict)).password == "new")
        #expect(try #require(plain(database.immediateLookup(query("alice", provisionally: false)))).password == "new")
        guard case .unknownUser = await database.lookup(query("bob", provisionally: false)) else {
            Issue.record("bob was removed")
            return
        }
    }

    // Reading it takes less than telling about it.
    @Test("A small file never answers from the old content")
    func small() async throws {
        let place = try PasswdFilePlace("alice:{PLAIN}old\n")
        let held = HeldPool()
        let database = PasswdFileDatabase(path: place.path, pool: held.pool)
        try await database.reload()
        #expect(try #require(plain(database.immediateLookup(query("alice")))) == ("old", false))
        try held.hold()
        try place.replace("alice:{PLAIN}new\n")
        #expect(database.immediateLookup(query("alice")) == nil)
        async let answer = database.lookup(query("alice"))
        held.release()
        #expect(try #require(plain(await answer)) == ("new", false))
    }

    @Test("Entries of one reading are recognised as such, and those of another are not")
    func readings() async throws {
        func reading(_ lookup: PasswordLookup?) -> UInt64? {
            guard case .found(let entry) = lookup else { return nil }
            return entry.reading
        }
        let place = try PasswdFilePlace("alice:{PLAIN}x\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        let first = try #require(reading(await database.lookup(query("alice"))))
        #expect(first != 0)
        #expect(reading(await database.lookup(query("alice"))) == first)
        try place.replace("alice:{PLAIN}x\n")
        #expect(reading(await database.lookup(query("alice", provisionally: false))) != first)
    }

    @Test("Under load the file is looked at a few times a tick; who needs to know still sees every change")
    func budget() async throws {
        var budget = LookBudget()
        let looks = (0..<100).filter { _ in budget.take(at: 7) }
        #expect(looks == Array(0..<LookBudget.perTick))
        let isRenewed = budget.take(at: 8)
        #expect(isRenewed)

        let place = try PasswdFilePlace("alice:{PLAIN}old\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        try await database.reload()
        // A tick takes a millisecond or more, this many lookups less.
        var provisional = 0
        for _ in 0..<1000 where plain(database.immediateLookup(query("alice")))?.isProvisional == true { provisional += 1 }
        #expect(provisional > 0)
        try place.replace("alice:{PLAIN}new\n")
        #expect(database.immediateLookup(query("alice", provisionally: false)) == nil)
        #expect(plain(await database.lookup(query("alice", provisionally: false)))?.password == "new")
    }

    @Test("A file that can't be read any more answers nobody provisionally once that is known")
    func failure() async throws {
        let place = try PasswdFilePlace(large("old"))
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        try await database.reload()
        unsafe unlink(place.path)
        guard case .failed = database.immediateLookup(query("alice")) else {
            Issue.record("the file is gone")
            return
        }
    }

    @Test("Without threads to read it, a lookup fails and the next may try again")
    func overloaded() async throws {
        let place = try PasswdFilePlace("alice:{PLAIN}x\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool(threads: 0))
        for _ in 0..<2 {
            guard case .failed(let failure) = await database.lookup(query("alice")) else {
                Issue.record("nobody can have read it")
                return
            }
            #expect(failure.description.contains("too many lookups"))
        }
    }
}
