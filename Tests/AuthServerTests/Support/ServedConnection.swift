import AuthDatabases
import SASLMechanisms
import Synchronization
import TestSupport

@testable import AuthEngine
@testable import AuthServer

/// The real protocol side of a connection, on a loop and a clock of the test's own.
final class ServedConnection: Sendable {
    let log = LogRecorder()
    let registry = ConnectionRegistry(limit: 100)
    private let mailbox = FakeMailbox()
    private let loop: Mutex<FakeLoop>
    private let clock: TestClock
    private let listener: ServedListener
    private let service: LoginService
    private let pool: VerificationPool
    private let lookups = BackgroundLookups()
    private let lookupTask: Task<Void, Never>

    /// A connection that is not open yet.
    ///
    /// - Parameter penalties: that it shares with others; nil for none.
    init(
        _ databases: [any PasswordDatabase], penalties: PenaltyTable? = nil,
        _ change: (inout AuthServerConfiguration) throws -> Void = { _ in }
    ) throws {
        let clock = TestClock()
        self.clock = clock
        loop = Mutex(FakeLoop(mailbox: mailbox, at: clock.now))
        pool = VerificationPool(threads: 1, maximumPending: 10) { clock.now }
        let lookups = lookups
        lookupTask = Task { await lookups.run() }
        var configuration = AuthServerConfiguration(databases: databases)
        try change(&configuration)
        var settings = configuration.connectionSettings(.automatic, penalties: penalties)
        // So that failures are told at the tick itself.
        settings.chance = { 0 }
        listener = ServedListener(settings: settings)
        let users = UserService(lookups)
        service = LoginService(
            .init(
                authenticator: Authenticator(
                    chain: PasswordDatabaseChain(databases), tokenValidator: nil, decoys: configuration.decoys,
                    pool: pool, lookups: lookups, isVerbose: configuration.isVerbose),
                desk: users.desk(configuration), logging: .init(isDebug: configuration.isDebug, showsPasswords: configuration.showsPasswords),
                listeners: ["/auth": listener], masterSockets: [:]), logins: users.logins, logger: log.logger)
    }

    /// An open connection that has read its greeting and said VERSION and CPID.
    static func introduced(
        _ databases: [any PasswordDatabase], minorVersion: Int = 2, penalties: PenaltyTable? = nil,
        _ change: (inout AuthServerConfiguration) throws -> Void = { _ in }
    ) throws -> ServedConnection {
        let connection = try ServedConnection(databases, penalties: penalties, change)
        connection.open()
        _ = connection.writes()
        connection.send("VERSION\t1\t\(minorVersion)\nCPID\t4711\n")
        return connection
    }

    /// - Returns: the protocol side, to see whether somebody keeps it.
    @discardableResult
    func open() -> WeakReference {
        let (service, listener, number) = (service, listener, registry.nextNumber())
        return loop.withLock { loop in
            let connection = ClientConnection(service: service, listener: listener, number: number, at: loop.now)
            loop.open(connection)
            return WeakReference(connection)
        }
    }

    /// Hands in bytes as one read.
    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) { loop.withLock { $0.receive(bytes) } }

    /// What was written since the last call, each write by itself.
    func writes() -> [String] {
        loop.withLock { loop in
            defer { loop.socket.writes = [] }
            return loop.socket.writes.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// The next write, however long it takes.
    func nextWrite() async -> String {
        while true {
            let write = loop.withLock { loop in
                loop.runJobs()
                return loop.socket.writes.isEmpty ? nil : loop.socket.writes.removeFirst()
            }
            if let write { return String(decoding: write, as: UTF8.self) }
            await mailbox.waitForJob()
        }
    }

    func pass(_ time: Duration) {
        clock.advance(by: time)
        loop.withLock { $0.pass(time) }
    }

    /// Does what other threads have asked for.
    func run() { loop.withLock { $0.runJobs() } }

    func drain() { loop.withLock { $0.drain() } }

    /// How many more bytes the peer's socket has room for.
    func setRoom(_ room: Int) { loop.withLock { $0.setRoom(room) } }

    /// The peer says that it will send nothing more, but goes on reading.
    func endInput() { loop.withLock { $0.endInput() } }

    /// The peer is gone.
    func hangUp() { loop.withLock { $0.close() } }

    var isOpen: Bool { loop.withLock { $0.isOpen } }

    /// Whether the loop would read from the socket.
    var isReading: Bool { loop.withLock { $0.isReading } }

    /// Whether the loop would look whether the socket has room.
    var wantsRoom: Bool { loop.withLock { $0.wantsRoom } }

    deinit { lookupTask.cancel() }

    /// Returns when every lookup that was begun has ended.
    func endLookups() async {
        lookupTask.cancel()
        await lookupTask.value
        pool.shutDown()
    }
}

/// A clock that stands still between the test's orders.
private final class TestClock: Sendable {
    private let time = Mutex(Instant(nanoseconds: 1_000_000_000))

    var now: Instant { time.withLock { $0 } }

    func advance(by duration: Duration) { time.withLock { $0 = $0 + duration } }
}

extension String {
    /// A whole PLAIN request of alice, whose password is `secret`: `printf '\0alice\0secret' | base64`.
    static func alice(_ id: Int) -> String { "AUTH\t\(id)\tPLAIN\tservice=smtp\tresp=AGFsaWNlAHNlY3JldA==\n" }
    /// The same with the password `wrong`.
    static func aliceWrong(_ id: Int) -> String { "AUTH\t\(id)\tPLAIN\tservice=smtp\tresp=AGFsaWNlAHdyb25n\n" }
    /// bob, whose password is `secret`, too.
    static func bob(_ id: Int) -> String { "AUTH\t\(id)\tPLAIN\tservice=smtp\tresp=AGJvYgBzZWNyZXQ=\n" }

    var lines: [String] { split(separator: "\n").map(String.init) }
}

extension MemoryUsers {
    static func aliceAndBob() throws -> MemoryUsers {
        try MemoryUsers(["alice": "{PLAIN}secret", "bob": "{PLAIN}secret"])
    }
}
