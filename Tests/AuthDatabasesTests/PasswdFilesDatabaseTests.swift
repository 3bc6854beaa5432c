import PasswordSchemes
import Synchronization
import Testing

@testable import AuthDatabases

@Suite("A passwd-file for each domain")
struct PasswdFilesDatabaseTests {
    private final class Notes: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private let pool = BlockingPool()
    private let notes = Notes()

    private func database(_ path: String) throws -> PasswdFilesDatabase {
        let notes = notes
        return PasswdFilesDatabase(
            path: try VariableTemplate(parsing: path, syntax: .dovecot23), pool: pool, inform: { notes.add($0) })
    }

    private func isFound(_ database: PasswdFilesDatabase, _ user: String) async -> Bool {
        if case .found = await database.lookup(UserQuery(user: user)) { true } else { false }
    }

    @Test("Each domain's users are in its own file, and in no other")
    func domains() async throws {
        let one = try UserFile("alice@one:{PLAIN}x\nbob@two:{PLAIN}x\n", named: "one")
        defer { one.remove() }
        let database = try database(one.directory + "/%d")
        #expect(await isFound(database, "alice@one"))
        #expect(await !isFound(database, "carol@one"))
        #expect(notes.all.isEmpty)
        #expect(await !isFound(database, "bob@two"))
        #expect(notes.all == ["missing passwd file: \(one.directory)/two"])
    }

    @Test("A file that comes later is found, and one that changes is read again")
    func later() async throws {
        let file = try UserFile("alice@one:{PLAIN}x\n", named: "one")
        defer { file.remove() }
        let database = try database(file.directory + "/%d")
        #expect(await !isFound(database, "bob@one"))
        try file.write("alice@one:{PLAIN}x\nbob@one:{PLAIN}x\n")
        try await database.reload()
        #expect(await isFound(database, "bob@one"))
    }

    @Test("A missing file's users are unknown, and cost what known ones do")
    func missing() async throws {
        let file = try UserFile("alice@one:{PLAIN}x\n", named: "one")
        defer { file.remove() }
        let database = try database(file.directory + "/%d")
        guard case .unknownUser(nil) = await database.lookup(UserQuery(user: "bob@two")) else {
            Issue.record("should be unknown")
            return
        }
        #expect(await isFound(database, "alice@one"))
        guard case .unknownUser(let decoy?) = await database.lookup(UserQuery(user: "bob@two")) else {
            Issue.record("should be unknown, at a price")
            return
        }
        #expect(decoy.scheme == .plain)
        try await database.reload()
    }

    // Dovecot 2.3.19.1 (Tests/Recordings, `8-files`): "Failed to normalize path: Path is outside".
    @Test(
        "A path that leaves the place before the first variable is never opened",
        arguments: ["a@..", "a@../other/x", "a@../../etc/passwd", "a@x/../..", "a@", "a@.", "a", "a@../../../../../../..", "a@b\0c"])
    func outside(user: String) async throws {
        let file = try UserFile("\(user):{PLAIN}x\n", named: "users")
        defer { file.remove() }
        let database = try database(file.directory + "/%d")
        #expect(database.file(for: UserQuery(user: user)) == nil)
        guard case .unknownUser = await database.lookup(UserQuery(user: user)) else {
            Issue.record("should be unknown")
            return
        }
        let note = "passwd-file(\(user)): Failed to normalize path: Path is outside '\(file.directory)/'"
        #expect(notes.all == [note, note])
    }

    @Test("Ways to the same place are the same file, however the place is written", arguments: [
        "/srv/users/%d", "/srv/./users//%d", "/srv/a/../users/%d", "//srv/users/%d",
    ])
    func sameFile(path: String) throws {
        let database = try database(path)
        let file = try #require(database.file(for: UserQuery(user: "a@x")))
        #expect(file.path == "/srv/users/x")
        #expect(database.file(for: UserQuery(user: "a@../users-of-others/x")) == nil)
        #expect(database.file(for: UserQuery(user: "b@./x")) === file)
        #expect(database.file(for: UserQuery(user: "b@y/../x")) === file)
    }

    @Test("Paths lose their needless parts", arguments: [
        ("/a/b", "/a/b"), ("/a//b/", "/a/b"), ("/a/./b", "/a/b"), ("/a/../b", "/b"), ("/", "/"), ("/..", nil),
        ("/a/../../b", nil), ("a/b", nil), ("", nil), ("/a\0b", nil), ("/...", "/..."),
    ] as [(String, String?)])
    func normalising(path: String, expected: String?) {
        #expect(PasswdFilesDatabase.normalised(path) == expected)
    }

    @Test("Of very many files those are let go that were asked longest ago")
    func bounded() throws {
        let database = try database("/srv/users/%d")
        func file(_ number: Int) throws -> PasswdFileDatabase {
            try #require(database.file(for: UserQuery(user: "a@\(number)")))
        }
        let (first, second) = (try file(0), try file(1))
        for number in 2..<PasswdFilesDatabase.mostFiles { _ = try file(number) }
        #expect(try file(0) === first)
        // One too many: the second goes, for the first was asked again.
        _ = try file(PasswdFilesDatabase.mostFiles)
        #expect(try file(0) === first)
        #expect(try file(1) !== second)
    }
}
