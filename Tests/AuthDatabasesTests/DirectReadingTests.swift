import Glibc
import PasswordSchemes
import Synchronization
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

    /// A moment without logins, in which the clock ticks: the next one looks at the file.
    private func rest() { usleep(20_000) }

    @Test("A file that nobody has read answers nobody, and is not read for it")
    func unread() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        for _ in 0..<10 { #expect(database.directReading() == 0) }
        rest()
        #expect(database.directReading() == 0)
        guard case .unread = database.content.withLock({ $0.state }) else {
            Issue.record("an event loop had the file read")
            return
        }
    }

    @Test("The first login after a rest is answered from a copy, too, and looks at the file for it")
    func atRest() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        _ = await database.lookup(UserQuery(user: "alice"))
        let reading = database.content.withLock { content -> UInt64 in
            if case .loaded(let snapshot) = content.state { snapshot.reading } else { 0 }
        }
        #expect(reading != 0)
        for _ in 0..<3 {
            rest()
            #expect(database.directReading() == reading)
            #expect(isLent(database, "alice", reading))
        }
        // Each reading is asked for after a look, as long as there is one left.
        try place.replace("alice:\(Self.digest)\n# changed\n")
        rest()
        #expect(database.directReading() == 0)
        #expect(database.content.withLock { $0.changed } != nil)
        #expect(database.content.withLock { !$0.isReading })
    }

    @Test("The looks of direct logins and of others are counted together")
    func budget() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        _ = await database.lookup(UserQuery(user: "alice"))
        // A tick of the clock may end between two of them.
        var wasOnce = false
        for _ in 0..<1000 where !wasOnce {
            rest()
            let tick = LookBudget.now()
            for _ in 0..<LookBudget.perTick / 2 {
                _ = database.directReading()
                _ = database.immediateLookup(query("alice"))
            }
            let isQuiet = database.quietTick.load(ordering: .acquiring) == tick
            let reading = database.directReading()
            guard LookBudget.now() == tick else { continue }
            wasOnce = true
            #expect(!isQuiet)
            #expect(reading != 0)
            #expect(database.quietTick.load(ordering: .acquiring) == tick)
        }
        #expect(wasOnce)
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

    @Test("Who asks the user database sees for logins, too, that the file changed, and that it is gone")
    func changedForUserDatabase() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let pool = BlockingPool()
        let database = PasswdFileDatabase(path: place.path, pool: pool)
        let users = PasswdFileUserDatabase(file: database, pool: pool)
        #expect(await readingUnderLoad(database) != 0)
        try place.replace("alice:{PLAIN}other\n")
        #expect(users.immediateLookup(UserQuery(user: "alice")) == nil)
        #expect(database.content.withLock { $0.changed } != nil)
        #expect(database.directReading() == 0)
        #expect(await readingUnderLoad(database) != 0)
        // The path lives for the call.
        unsafe unlink(place.path)
        _ = users.immediateLookup(UserQuery(user: "alice"))
        #expect(database.content.withLock { $0.changed } != nil)
        #expect(database.directReading() == 0)
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

    @Test("A direct login is the first to see that the file changed, and no copy answers until it is read again")
    func changedUnseen() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        let old = await readingUnderLoad(database)
        #expect(old != 0)
        try place.replace("alice:\(Self.digest)\n# changed\n")
        rest()
        for _ in 0..<1000 { #expect(database.directReading() == 0) }
        rest()
        for _ in 0..<1000 { #expect(database.directReading() == 0) }
        try await database.reload()
        let new = database.directReading()
        #expect(new != 0 && new != old)
    }

    @Test("A direct login is the first to see that the file is gone, and nobody is let in until it is back and read")
    func goneUnseen() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        let old = await readingUnderLoad(database)
        unsafe unlink(place.path)
        rest()
        for _ in 0..<1000 { #expect(database.directReading() == 0) }
        var answered = 0
        for _ in 0..<1000 {
            if case .failed = database.immediateLookup(query("alice")) { continue }
            answered += 1
        }
        #expect(answered == 0)
        try place.write("alice:\(Self.digest)\n")
        rest()
        // Another file of that name.
        #expect(database.directReading() == 0)
        _ = await database.lookup(query("alice"))
        let new = database.directReading()
        #expect(new != 0 && new != old)
    }

    @Test("A file that can't be read answers nobody, before and after it could")
    func unreadable() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        #expect(await readingUnderLoad(database) != 0)
        unsafe unlink(place.path)
        unsafe mkdir(place.path, 0o700)
        defer { unsafe rmdir(place.path) }
        rest()
        guard case .failed = await database.lookup(query("alice")) else {
            Issue.record("a directory has no users")
            return
        }
        for _ in 0..<3 {
            rest()
            for _ in 0..<10 { #expect(database.directReading() == 0) }
        }
    }

    @Test("Of a large file whose lines are only known by their place, no copy answers")
    func outlined() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        let outline = try #require(
            PasswdFileOutline(path: place.path, defaultScheme: .crypt, seed: 1, now: time(nil) + 60))
        database.content.withLock { $0.state = .outlined(outline) }
        for _ in 0..<10 {
            #expect(database.directReading() == 0)
            guard case .found = database.immediateLookup(query("alice")) else {
                Issue.record("an outline lets users in")
                return
            }
        }
    }

    @Test("While a file is being read again, no copy answers")
    func whileRead() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n" + String(repeating: "#\n", count: 2 << 20))
        let pool = BlockingPool(threads: 1)
        let gate = Semaphore()
        let database = PasswdFileDatabase(path: place.path, pool: pool)
        try await database.reload()
        rest()
        #expect(database.directReading() != 0)
        try pool.start { gate.wait() }
        try place.replace("alice:\(Self.digest)\n" + String(repeating: "#\n", count: 3 << 20))
        rest()
        // It has others answered provisionally, for a second.
        guard case .found = database.immediateLookup(query("alice")) else {
            Issue.record("a large file answers while it is read")
            return
        }
        #expect(database.content.withLock { $0.isReading })
        for _ in 0..<100 { #expect(database.directReading() == 0) }
        gate.signal()
        _ = await database.lookup(UserQuery(user: "alice"))
        #expect(database.directReading() != 0)
    }

    @Test("However often a file changes, a copy answers only for what a lookup at rest would say, and nobody waits forever")
    func race() async throws {
        let place = try PasswdFilePlace("alice:\(Self.digest)\n")
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool())
        _ = await readingUnderLoad(database)
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Two event loops.
            for _ in 0..<2 {
                group.addTask { @concurrent [query = query("alice")] in
                    while !Task.isCancelled {
                        let reading = database.directReading()
                        if reading == 0 {
                            _ = await database.lookup(query)
                        } else {
                            _ = database.lendDigest(of: query.user.utf8.span, reading: reading) { _, _ in }
                        }
                        await Task.yield()
                    }
                }
            }
            var last: UInt64 = 0
            for round in 0..<40 {
                let isGone = round % 3 == 2
                if isGone { unsafe unlink(place.path) } else { try place.replace("alice:\(Self.digest)\n#\(round)\n") }
                try await Task.sleep(for: .milliseconds(20))
                if isGone {
                    #expect(database.directReading() == 0)
                } else {
                    _ = await database.lookup(UserQuery(user: "alice"))
                    let reading = database.directReading()
                    #expect(reading != 0 && reading != last)
                    last = reading
                }
            }
            group.cancelAll()
            try await group.waitForAll()
        }
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
