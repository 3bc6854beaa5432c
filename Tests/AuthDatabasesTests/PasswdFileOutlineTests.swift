@testable import AuthDatabases
import Glibc
import PasswordSchemes
import Secrets
import Testing

@Suite("Users of a large passwd-file before it is in memory")
struct PasswdFileOutlineTests {
    /// As if the file had been written long ago.
    private func makeOutline(_ place: PasswdFilePlace) -> PasswdFileOutline? {
        PasswdFileOutline(path: place.path, defaultScheme: .crypt, seed: 7, now: time(nil) + 60)
    }

    private func password(_ lookup: PasswordLookup?) -> String? {
        guard case .found(let entry) = lookup else { return nil }
        return entry.password.plainText?.withSecret { secret in
            secret.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
        }
    }

    // As of the whole file, see PasswdFileDatabaseTests.
    @Test(
        "Every user is found, whatever stands around the line",
        arguments: [
            "alice:{PLAIN}x", "alice:{PLAIN}x\n", "\n\nalice:{PLAIN}x\r\n", "# alice:{PLAIN}y\nalice:{PLAIN}x",
            ":nobody\nalice:{PLAIN}x:::::", "bob:{PLAIN}b\nalice:{PLAIN}x:1000:1000::/home/alice::userdb_x=y\n",
            "alice:{PLAIN}x\nalice:{PLAIN}second\n", "alice2:{PLAIN}b\nalic:{PLAIN}b\nalice:{PLAIN}x\n",
        ])
    func found(text: String) throws {
        let place = try PasswdFilePlace(text)
        defer { withExtendedLifetime(place) {} }
        let outline = try #require(makeOutline(place))
        #expect(password(outline.lookup("alice")) == "x")
        for name in ["", "nobody", "# alice", "alice:", "alice:{PLAIN}x", "ali", "\n"] {
            #expect(outline.lookup(name) == nil, "\(name)")
        }
    }

    @Test("All users are found, those whose lines lie across two reads too, with what their first line says")
    func many() throws {
        var text = ""
        for number in 0..<20_000 { text += "user\(number)@example.com:{PLAIN}p\(number)::::::x=\(number)\n" }
        for number in 0..<20_000 where number % 3 == 0 { text += "user\(number)@example.com:{PLAIN}second\n" }
        let place = try PasswdFilePlace(text)
        defer { withExtendedLifetime(place) {} }
        let outline = try #require(makeOutline(place))
        for number in 0..<20_000 {
            let answer = outline.lookup("user\(number)@example.com")
            #expect(password(answer) == "p\(number)")
            guard case .found(let entry) = answer else { continue }
            #expect(entry.fields.map(\.name) == ["x"] && !entry.hasEmptyPassword)
        }
        #expect(outline.lookup("user20000@example.com") == nil)
    }

    @Test("What can't be told from one line is left to the whole file")
    func leftToTheWhole() throws {
        let long = String(repeating: "x", count: 5000)
        let place = try PasswdFilePlace("alice:{PLAIN}\(long)\nbob:{NOSUCH}x\nalice:{PLAIN}second\ncarol:{PLAIN}\n")
        defer { withExtendedLifetime(place) {} }
        let outline = try #require(makeOutline(place))
        // The second line must not be taken for the first.
        #expect(outline.lookup("alice") == nil)
        #expect(outline.lookup("bob") == nil)
        guard case .found(let entry) = outline.lookup("carol") else {
            Issue.record("carol is not found")
            return
        }
        #expect(entry.hasEmptyPassword)
    }

    @Test("There is none of a file with a line that is too long, nor of what is no file")
    func none() throws {
        let place = try PasswdFilePlace("alice:{PLAIN}x\nbob:{PLAIN}" + String(repeating: "x", count: 300_000) + "\n")
        #expect(makeOutline(place) == nil)
        #expect(PasswdFileOutline(path: "/tmp", defaultScheme: .crypt, seed: 7, now: time(nil) + 60) == nil)
        #expect(PasswdFileOutline(path: place.path + ".none", defaultScheme: .crypt, seed: 7) == nil)
    }

    @Test("There is none of a file that was changed just now, for the next change might look like the same")
    func unsettled() throws {
        let place = try PasswdFilePlace("alice:{PLAIN}x\n")
        #expect(PasswdFileOutline(path: place.path, defaultScheme: .crypt, seed: 7) == nil)
    }

    @Test("A file that was changed in place gives no lines, of which some may be old and some new")
    func changedInPlace() throws {
        let place = try PasswdFilePlace("alice:{PLAIN}x\nbob:{PLAIN}b\n")
        let outline = try #require(makeOutline(place))
        #expect(password(outline.lookup("bob")) == "b")
        let file = unsafe open(place.path, O_WRONLY)
        // Bob's line has the same place and length still.
        #expect(unsafe pwrite(file, "carol:{PLAIN}\n", 14, 0) == 14)
        close(file)
        #expect(outline.lookup("bob") == nil)
        #expect(outline.lookup("alice") == nil)
    }

    @Test("A database lets users in while the rest of a large file is read, and only those", .timeLimit(.minutes(2)))
    func database() async throws {
        var text = "alice:{PLAIN}first\nalice:{PLAIN}second:1000:1000\n"
        let filling = String(repeating: "x", count: 100)
        while text.utf8.count < PasswdFileOutline.smallestFile { text += "user\(text.utf8.count):{PLAIN}\(filling)\n" }
        let place = try PasswdFilePlace(text)
        try await Task.sleep(for: .seconds(3.1))
        // That a name stands twice is told before the whole file's content is used.
        let gate = Semaphore()
        let database = PasswdFileDatabase(path: place.path, pool: BlockingPool(threads: 1)) { _ in gate.wait() }
        try await database.prepare()
        try await database.prepare()
        #expect(password(database.immediateLookup(UserQuery(user: "alice"))) == "first")
        #expect(database.immediateLookup(UserQuery(user: "nobody")) == nil)
        #expect(database.immediateSnapshot(UserQuery(user: "alice")) == nil)
        try place.replace("alice:{PLAIN}third\nalice:{PLAIN}x\n")
        #expect(database.immediateLookup(UserQuery(user: "alice")) == nil)
        async let third = database.lookup(UserQuery(user: "alice"))
        async let stranger = database.lookup(UserQuery(user: "nobody"))
        // For either content.
        gate.signal()
        gate.signal()
        #expect(password(await third) == "third")
        guard case .unknownUser = await stranger else {
            Issue.record("\(await stranger)")
            return
        }
        #expect(try database.immediateSnapshot(UserQuery(user: "alice"))?.get().userCount == 1)
    }
}
