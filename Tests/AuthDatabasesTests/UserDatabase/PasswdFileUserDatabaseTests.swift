import AuthDatabases
import Testing

/// Expectations recorded from Dovecot 2.3.19.1; see Tests/Recordings/masters/passwd-file.txt and its users.
@Suite("A passwd-file as a user database")
struct PasswdFileUserDatabaseTests {
    private static let recorded = """
        # users
        alice:{PLAIN}wonderland:1000:1001::/home/alice
        bob:{PLAIN}builder:1002:1002:Bob,,,:/home/bob:/bin/sh:userdb_mail=maildir:~/Maildir userdb_quota_rule=*:storage=1G host=mail.example
        nouid:{PLAIN}secret
        noids:{PLAIN}secret::::/home/noids
        emptyids:{PLAIN}secret::
        onlyuid:{PLAIN}secret:1005
        uidgid:{PLAIN}secret:1006:1007
        named:{PLAIN}secret:daemon:bin::/home/named
        baduid:{PLAIN}secret:nosuchuser:1000::/home/baduid
        badgid:{PLAIN}secret:1000:nosuchgroup::/home/badgid
        zerouid:{PLAIN}secret:0:0::/root
        nohome:{PLAIN}secret:1000:1000:::
        oldmail:{PLAIN}secret:1000:1000::/home/oldmail:::mbox:/var/mail/oldmail
        flags:{PLAIN}secret:1000:1000::/home/flags::userdb_flag userdb_empty= userdb_nodelay=yes nodelay nologin
        expanded:{PLAIN}secret:1000:1000::/home/expanded::userdb_mail=/var/mail/%u userdb_port=%r
        broken:{PLAIN}secret:1000:1000::/home/broken::userdb_mail=%{nosuchvariable}
        alice:{PLAIN}again:2000:2000::/home/again
        :nameless:1:1

        """

    private func database(
        _ text: String = recorded, listsPasswordsOnly: Bool = true
    ) throws -> (PasswdFileUserDatabase, UserFile) {
        let file = try UserFile(text)
        let pool = BlockingPool(threads: 1)
        let passwords = PasswdFileDatabase(path: file.path, pool: pool)
        return (PasswdFileUserDatabase(file: passwords, listsPasswordsOnly: listsPasswordsOnly, pool: pool), file)
    }

    @Test("A line's fields, in Dovecot's order", arguments: [
        ("alice", "uid=1000 gid=1001 home=/home/alice"),
        ("bob", "uid=1002 gid=1002 home=/home/bob mail=maildir:~/Maildir quota_rule=*:storage=1G"),
        ("noids", "home=/home/noids"), ("emptyids", ""), ("uidgid", "uid=1006 gid=1007"),
        ("named", "uid=1 gid=2 home=/home/named"), ("nohome", "uid=1000 gid=1000"),
        ("oldmail", "uid=1000 gid=1000 home=/home/oldmail mail=mbox:/var/mail/oldmail"),
        ("flags", "uid=1000 gid=1000 home=/home/flags flag empty nodelay=yes"),
        ("expanded", "uid=1000 gid=1000 home=/home/expanded mail=/var/mail/expanded port=192.0.2.7"),
    ])
    func found(_ user: String, _ expected: String) async throws {
        let (database, file) = try database()
        defer { file.remove() }
        var query = UserQuery(user: user)
        query.remoteAddress = "192.0.2.7"
        guard case .found(let record) = await database.lookup(query) else { return #expect(Bool(false), "not found") }
        #expect(record.user == nil)
        #expect(record.fields.map { field in field.value.map { "\(field.name)=\($0)" } ?? field.name }.joined(separator: " ") == expected)
    }

    @Test("Lines without ids, or with ids that are none, are no users", arguments: [
        "nouid", "onlyuid", "baduid", "badgid", "zerouid", "nobody-here", "", "# users", "ALICE",
    ])
    func unknown(_ user: String) async throws {
        let (database, file) = try database()
        defer { file.remove() }
        #expect(await database.lookup(UserQuery(user: user)) == .unknownUser)
    }

    @Test("A variable that doesn't exist is the admin's error")
    func badVariable() async throws {
        let (database, file) = try database()
        defer { file.remove() }
        guard case .failed(let failure) = await database.lookup(UserQuery(user: "broken")) else {
            return #expect(Bool(false), "should have failed")
        }
        #expect(failure.description.contains("extra field mail"))
    }

    @Test("Once the file is read, users with numbers are found at once; names of accounts never block")
    func immediate() async throws {
        let (database, file) = try database()
        defer { file.remove() }
        #expect(database.immediateLookup(UserQuery(user: "alice")) == nil)
        _ = await database.lookup(UserQuery(user: "alice"))
        #expect(database.immediateLookup(UserQuery(user: "alice")) != nil)
        #expect(database.immediateLookup(UserQuery(user: "nobody-here")) == .unknownUser)
        #expect(database.immediateLookup(UserQuery(user: "named")) == nil)
    }

    @Test("A change is seen by the next lookup, and a missing file is a failure")
    func changes() async throws {
        let (database, file) = try database("alice:x:1:1\n")
        #expect(await database.lookup(UserQuery(user: "bob")) == .unknownUser)
        try file.write("bob:x:2:2\n")
        #expect(
            await database.lookup(UserQuery(user: "bob"))
                == .found(UserRecord(fields: [ExtraField("uid", "2"), ExtraField("gid", "2")])))
        file.remove()
        guard case .failed = await database.lookup(UserQuery(user: "bob")) else {
            return #expect(Bool(false), "should have failed")
        }
    }

    private func list(_ database: PasswdFileUserDatabase) async throws -> [String] {
        var names = try #require(try await database.names())
        var all: [String] = []
        while let part = try await names.next() { all += part }
        return all
    }

    @Test("LIST tells every name in the file's order, twice what stands there twice")
    func names() async throws {
        let (database, file) = try database()
        defer { file.remove() }
        let names = [
            "alice", "bob", "nouid", "noids", "emptyids", "onlyuid", "uidgid", "named", "baduid", "badgid", "zerouid",
            "nohome", "oldmail", "flags", "expanded", "broken", "alice",
        ]
        #expect(try await list(database) == names)
        let (other, copy) = try self.database(listsPasswordsOnly: false)
        defer { copy.remove() }
        #expect(try await list(other) == names.filter { $0 != "nouid" })
    }

    @Test("LIST tells many names in parts")
    func manyNames() async throws {
        let names = (0..<2345).map { "user\($0)" }
        let (database, file) = try database(names.map { "\($0):x:1:1" }.joined(separator: "\n"))
        defer { file.remove() }
        #expect(try await list(database) == names)
        var parts = try #require(try await database.names())
        #expect(try await parts.next()?.count == 500)
    }

    @Test("Each domain may have a file of its own; who asks for another's, or outside, finds nobody", arguments: [
        ("alice@one.example", "uid=1"), ("alice@two.example", "uid=2"), ("alice@three.example", nil), ("alice", nil),
        ("alice@../one.example", nil), ("alice@..", nil),
    ])
    func manyFiles(_ user: String, _ expected: String?) async throws {
        let (one, two) = (try UserFile("alice:x:1:\n", named: "one.example"), try UserFile("alice:x:2:\n", named: "two.example"))
        defer {
            one.remove()
            two.remove()
        }
        let pool = BlockingPool(threads: 1)
        let own = user.hasSuffix("two.example") ? two : one
        let files = PasswdFilesDatabase(
            path: try VariableTemplate(parsing: own.directory + "/%d", syntax: .dovecot23), pool: pool)
        let database = PasswdFileUserDatabase(
            files: files, usernameFormat: try VariableTemplate(parsing: "%n", syntax: .dovecot23), pool: pool)
        guard case .found(let record) = await database.lookup(UserQuery(user: user)) else {
            return #expect(expected == nil)
        }
        #expect(record.fields.map { "\($0.name)=\($0.value ?? "")" } == [expected])
        await #expect(throws: DatabaseFailure.self) { _ = try await database.names() }
    }

    @Test("An empty file has no users")
    func empty() async throws {
        let (database, file) = try database("")
        defer { file.remove() }
        #expect(try await list(database) == [])
        #expect(await database.lookup(UserQuery(user: "alice")) == .unknownUser)
    }
}
