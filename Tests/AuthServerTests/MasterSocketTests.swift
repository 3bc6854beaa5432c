import AuthDatabases
import Logging
import Testing

@testable import AuthServer

@Suite("Userdb, master and login sockets of a server", .timeLimit(.minutes(1)))
struct MasterSocketTests {
    /// A server with a socket of each kind.
    private final class Servers: Sendable {
        let directory: TestDirectory
        let log = LogRecorder()
        private let trigger = GracefulShutdownTrigger()
        private let task: Task<Void, any Error>

        init(_ users: [any UserDatabase]) throws {
            directory = try TestDirectory()
            var configuration = AuthServerConfiguration(databases: [try MemoryUsers(["alice": "wonderland", "bob": "builder"])])
            configuration.eventLoops = 2
            configuration.hashThreads = 1
            configuration.userDatabases = users.map { .init($0) }
            let kinds: [(String, AuthServer.Listener.Kind)] = [
                ("/userdb", .userdb), ("/master", .master), ("/login", .login), ("/auth", .client),
            ]
            let directory = directory
            let listeners = try kinds.map { name, kind in
                AuthServer.Listener(socket: try ListeningSocket.bind(.init(path: directory.path + name, mode: 0o600)), kind: kind)
            }
            let server = AuthServer(listeners: listeners, configuration: configuration, logger: log.logger)
            let trigger = trigger
            task = Task { try await trigger.run { try await server.run() } }
        }

        func end() async throws {
            trigger.fire()
            try await task.value
        }

        func master(_ name: String) async throws -> SocketClient {
            let client = try SocketClient(directory.path + name)
            let greeting = await client.read(through: "\n")
            #expect(greeting.hasPrefix("VERSION\t1\t1\nSPID\t"))
            await client.write("VERSION\t1\t1\n")
            return client
        }
    }

    /// Everybody has a number.
    private struct Numbered: UserDatabase {
        let driver = "numbered"
        var isImmediate = true
        var count = 0

        func immediateLookup(_ query: UserQuery) -> UserLookup? { isImmediate ? answer(query) : nil }
        func lookup(_ query: UserQuery) async -> UserLookup { answer(query) }
        func names() async throws(DatabaseFailure) -> (any UserNames)? { Names(range: 0..<count) }

        private func answer(_ query: UserQuery) -> UserLookup {
            guard query.user != "nobody" else { return .unknownUser }
            return .found(UserRecord(fields: [ExtraField("uid", "1000"), ExtraField("home", "/srv/\(query.user)")]))
        }

        struct Names: UserNames {
            var range: Range<Int>
            mutating func next() async throws(DatabaseFailure) -> [String]? {
                guard !range.isEmpty else { return nil }
                defer { range = range.dropFirst(1000) }
                return range.prefix(1000).map { "user-with-a-long-name-\($0)@example.com" }
            }
        }
    }

    @Test("Users are looked up, at once or later", arguments: [true, false])
    func lookups(isImmediate: Bool) async throws {
        let servers = try Servers([Numbered(isImmediate: isImmediate)])
        let client = try await servers.master("/userdb")
        await client.write("USER\t1\tAlice\tservice=smtp\n")
        #expect(await client.read(through: "\n") == "USER\t1\talice\tuid=1000\thome=/srv/alice\n")
        await client.write("USER\t2\tnobody\tservice=smtp\n")
        #expect(await client.read(through: "\n") == "NOTFOUND\t2\n")
        await client.write("PASS\t3\talice\tservice=smtp\nPASS\t4\tcarol\tservice=smtp\n")
        #expect(await client.read(through: "NOTFOUND\t4\n") == "PASS\t3\tuser=alice\nNOTFOUND\t4\n")
        await client.write("CACHE-FLUSH\t1\n")
        #expect(await client.read() == "")
        try await servers.end()
    }

    @Test("A list longer than any buffer arrives whole, however slowly it is read")
    func longList() async throws {
        let servers = try Servers([Numbered(count: 30_000)])
        let client = try await servers.master("/master")
        await client.write("LIST\t1\tuser=*9@example.com\nUSER\t2\tbob\tservice=smtp\n")
        // Nothing is read until the socket is full.
        try await Task.sleep(for: .milliseconds(200))
        let text = await client.read(through: "DONE\t1\t\n")
        let lines = text.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("LIST\t1\t") } == 3000)
        #expect(lines.count { $0 == "USER\t2\tbob\tuid=1000\thome=/srv/bob" } == 1)
        await client.write("CACHE-FLUSH\tx\n")
        #expect(await client.read(through: "\n") == "OK\tx\t0\n")
        try await servers.end()
    }

    @Test("A peer that goes away in the middle of a list leaves nothing behind")
    func brokenList() async throws {
        let servers = try Servers([Numbered(count: 100_000)])
        do {
            let client = try await servers.master("/master")
            await client.write("LIST\t1\n")
            _ = await client.read(through: "\n")
        }
        // Would wait for the connection otherwise.
        try await servers.end()
    }

    @Test("A login on a login socket waits until a master takes it over, through another loop's connection")
    func takeOver() async throws {
        let servers = try Servers([Numbered()])
        let login = try SocketClient(servers.directory.path + "/login")
        let greeting = await login.read(through: "\nDONE\n")
        let cookie = try #require(greeting.split(separator: "\n").first { $0.hasPrefix("COOKIE\t") }).dropFirst(7)
        await login.write("VERSION\t1\t2\nCPID\t77\nAUTH\t5\tPLAIN\tservice=imap\tresp=AGFsaWNlAHdvbmRlcmxhbmQ=\n")
        #expect(await login.read(through: "\n") == "OK\t5\tuser=alice\n")
        for _ in 0..<4 {
            let master = try await servers.master("/master")
            await master.write("REQUEST\t9\t77\t5\t00000000000000000000000000000000\n")
            #expect(await master.read(through: "\n") == "FAIL\t9\n")
        }
        let master = try await servers.master("/master")
        await master.write("REQUEST\t9\t77\t5\t\(cookie)\nREQUEST\t10\t77\t5\t\(cookie)\n")
        #expect(
            await master.read(through: "FAIL\t10\n")
                == "USER\t9\talice\tuid=1000\thome=/srv/alice\tauth_mech=PLAIN\nFAIL\t10\n")
        try await servers.end()
    }

    @Test("Two login processes can't have one number, until one has gone")
    func numbers() async throws {
        let servers = try Servers([])
        let first = try SocketClient(servers.directory.path + "/login")
        _ = await first.read(through: "\nDONE\n")
        await first.write("VERSION\t1\t2\nCPID\t77\nAUTH\t1\tPLAIN\tservice=imap\tresp=AGFsaWNlAHdvbmRlcmxhbmQ=\n")
        #expect(await first.read(through: "\n") == "OK\t1\tuser=alice\n")
        let second = try SocketClient(servers.directory.path + "/login")
        _ = await second.read(through: "\nDONE\n")
        await second.write("VERSION\t1\t2\nCPID\t77\n")
        #expect(await second.read() == "")
        #expect(servers.log.lines.contains { $0.text.contains("gave a PID 77 of existing connection") })
        try await servers.end()
    }

    @Test("A socket of mode 0666 restricts who neither owns it nor has its group", arguments: [
        (0o666, 1000, 1000, true), (0o666, 0, 1000, false), (0o666, 1000, 0, false), (0o777, 1000, 1000, false),
        (0o660, 1000, 1000, false), (0o600, 1000, 1000, false),
    ] as [(UInt32, UInt32, UInt32, Bool)])
    func restriction(_ mode: UInt32, _ user: UInt32, _ group: UInt32, _ restricts: Bool) {
        let owner = SocketOwner(mode: mode, userID: 0, groupID: 0)
        #expect(owner.restricts(PeerCredentials(processID: 1, userID: user, groupID: group)) == restricts)
    }

    @Test("The debug log hides what may be a password")
    func debugLog() {
        let line = Array("PASS\t1\tuser=alice\tpass=secret\tuserdb_password=x\thost=y".utf8)
        #expect(
            WireLog.masterOutput(line.span)
                == "passdb out: PASS\t1\tuser=alice\tpass=<hidden>\tuserdb_password=<hidden>\thost=y")
    }
}
