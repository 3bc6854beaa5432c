import Glibc
import PasswordSchemes
import Testing

@testable import AuthDatabases

@Suite("Digests of a passwd-file that are copied")
struct DirectReadingTests {
    /// `secret`, by doveadm pw of Dovecot 2.3.19.1.
    private static let digest = "{SSHA256}T5NigO2lTXoGC+/GotpTmhVfGXbHpXWIjW0AewhKpQ68HKpQ"

    private func query(_ user: String) -> UserQuery {
        var query = UserQuery(user: user)
        query.acceptsProvisional = true
        return query
    }

    /// Asks so often that the file need not be looked at any more, and says which reading may answer then.
    private func readingUnderLoad(_ database: PasswdFileDatabase, _ user: String = "alice") async -> UInt64 {
        _ = await database.lookup(UserQuery(user: user))
        // A tick of the clock may end just then.
        for _ in 0..<100_000 {
            _ = database.immediateLookup(query(user))
            let reading = database.directReading()
            if reading != 0 { return reading }
        }
        return 0
    }

    private func isLent(_ database: PasswdFileDatabase, _ user: String, _ reading: UInt64) -> Bool {
        database.lendDigest(of: Array(user.utf8).span, reading: reading) { _, _ in }
    }

    @Test("Nobody may be answered from a copy before the file was looked at often")
    func atRest() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        #expect(database.directReading() == 0)
        _ = await database.lookup(UserQuery(user: "alice"))
        // A tick that no logins fill.
        usleep(20_000)
        #expect(database.directReading() == 0)
    }

    @Test("Under load a user of whom nothing but a digest is stored is lent, for this reading only")
    func lent() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\nbob:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        let reading = await readingUnderLoad(database)
        #expect(reading != 0)
        #expect(isLent(database, "alice", reading))
        // Who has not logged in lately is asked for first.
        #expect(!isLent(database, "bob", reading))
        #expect(!isLent(database, "alice", reading + 1))
        try place.replace("alice:\(Self.digest)\n# changed\n")
        let next = await readingUnderLoad(database)
        #expect(next != 0 && next != reading)
        #expect(!isLent(database, "alice", reading))
        #expect(isLent(database, "alice", next))
    }

    @Test("Once somebody has seen that the file changed, no copy answers")
    func changed() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        let reading = await readingUnderLoad(database)
        #expect(reading != 0)
        try place.replace("alice:{PLAIN}other\n")
        // One who must know.
        _ = database.immediateLookup(UserQuery(user: "alice"))
        for _ in 0..<1000 { _ = database.immediateLookup(query("alice")) }
        #expect(database.directReading() != reading)
    }

    @Test("A file that is gone answers nobody, however many ask")
    func gone() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        #expect(await readingUnderLoad(database) != 0)
        unsafe unlink(place.path)
        // One who must know.
        _ = database.immediateLookup(UserQuery(user: "alice"))
        var answered = 0
        for _ in 0..<1000 {
            if case .failed = database.immediateLookup(query("alice")) { continue }
            answered += 1
        }
        #expect(answered == 0)
        #expect(database.directReading() == 0)
    }

    @Test(
        "Whoever has more than a digest is not lent",
        arguments: [
            "alice:\(digest)::::::allow_nets=192.0.2.0/24", "alice:\(digest)::::::userdb_mail=x", "alice:{PLAIN}secret",
            "alice:", "alice:{SMD5}c1vwyV/4DDP6xSqr2J47a+UT5zw=",
        ])
    func notLent(_ line: String) async throws {
        let place = try PasswdFilePlace("\(line)\nbob:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        for _ in 0..<20 { _ = await database.lookup(UserQuery(user: "alice")) }
        let reading = await readingUnderLoad(database, "bob")
        #expect(reading != 0)
        #expect(isLent(database, "bob", reading))
        #expect(!isLent(database, "alice", reading))
    }

    @Test("A file that is asked for another name than the login's answers no login directly")
    func otherName() throws {
        let database = PasswdFileDatabase(
            path: "/nowhere", usernameFormat: try VariableTemplate(parsing: "%n", syntax: .dovecot23), pool: BlockingPool())
        #expect(!database.answersDirectly)
        #expect(PasswordDatabaseChain([database]).direct == nil)
        let usual = PasswdFileDatabase(path: "/nowhere", usernameFormat: .user, pool: BlockingPool())
        #expect(PasswordDatabaseChain([usual]).direct != nil)
        var rules = PasswordDatabaseRules()
        rules.onSuccess = .continue
        #expect(PasswordDatabaseChain(links: [.init(usual, rules)]).direct == nil)
        rules = PasswordDatabaseRules()
        rules.isDenying = true
        #expect(PasswordDatabaseChain(links: [.init(usual, rules)]).direct == nil)
    }
}
