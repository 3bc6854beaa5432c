import AuthDatabases
import NIOCore
import NIOEmbedded
import SASLMechanisms

@testable import AuthEngine
@testable import AuthServer

/// The real handler of a connection, on a channel and a clock of the test's own.
final class ServedConnection: Sendable {
    let channel: NIOAsyncTestingChannel
    let log = LogRecorder()
    let registry = ConnectionRegistry(limit: 100)
    private let service: LoginService
    private let pool: VerificationPool
    private let lookups = BackgroundLookups()
    private let lookupTask: Task<Void, Never>

    /// A connection that is not open yet.
    init(
        _ databases: [any PasswordDatabase], _ change: (inout AuthServerConfiguration) throws -> Void = { _ in }
    ) async throws {
        let loop = NIOAsyncTestingEventLoop()
        channel = NIOAsyncTestingChannel(loop: loop)
        pool = VerificationPool(threads: 1, maximumPending: 10) { Instant(loop.now) }
        let lookups = lookups
        lookupTask = Task { await lookups.run() }
        var configuration = AuthServerConfiguration(databases: databases)
        try change(&configuration)
        let listener = ServedListener(settings: configuration.connectionSettings(.automatic))
        service = LoginService(
            .init(
                authenticator: Authenticator(
                    chain: PasswordDatabaseChain(databases), tokenValidator: nil, decoys: configuration.decoys,
                    pool: pool, lookups: lookups, isVerbose: configuration.isVerbose),
                logging: .init(isDebug: configuration.isDebug, showsPasswords: configuration.showsPasswords),
                listeners: ["/auth": listener]), logger: log.logger)
        let (service, registry, channel) = (service, registry, channel)
        try await loop.executeInContext {
            let handler = ClientConnectionHandler(
                service: service, listener: listener, registry: registry, channel: channel)
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }

    /// An open connection that has read its greeting and said VERSION and CPID.
    static func introduced(
        _ databases: [any PasswordDatabase], minorVersion: Int = 2,
        _ change: (inout AuthServerConfiguration) throws -> Void = { _ in }
    ) async throws -> ServedConnection {
        let connection = try await ServedConnection(databases, change)
        try await connection.open()
        _ = try await connection.writes()
        try await connection.send("VERSION\t1\t\(minorVersion)\nCPID\t4711\n")
        return connection
    }

    func open() async throws {
        try await channel.connect(to: try SocketAddress(unixDomainSocketPath: "/auth")).get()
    }

    /// Hands in bytes as one read.
    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeInbound(channel.allocator.buffer(bytes: bytes))
    }

    /// What was written since the last call, each write by itself; the empty ones that only order a close are not told.
    func writes() async throws -> [String] {
        var texts: [String] = []
        while let buffer = try await channel.readOutbound(as: ByteBuffer.self) {
            if buffer.readableBytes > 0 { texts.append(String(buffer: buffer)) }
        }
        return texts
    }

    /// The next write, however long it takes.
    func nextWrite() async throws -> String {
        while true {
            let buffer = try await channel.waitForOutboundWrite(as: ByteBuffer.self)
            guard buffer.readableBytes > 0 else { continue }
            // What the handler does after its write is done, too.
            await run()
            return String(buffer: buffer)
        }
    }

    func pass(_ time: TimeAmount) async { await channel.testingEventLoop.advanceTime(by: time) }

    /// Does what is due.
    func run() async { await channel.testingEventLoop.run() }

    func fire(_ event: some Sendable) async throws {
        try await channel.testingEventLoop.executeInContext { [channel] in
            channel.pipeline.fireUserInboundEventTriggered(event)
        }
        await run()
    }

    /// Says that the peer reads what is sent to it, or no longer does.
    func setWritable(_ isWritable: Bool) async throws {
        try await channel.testingEventLoop.executeInContext { [channel] in
            channel.isWritable = isWritable
            channel.pipeline.fireChannelWritabilityChanged()
        }
    }

    /// The handler, to see whether somebody keeps it.
    func weakHandler() async throws -> WeakReference {
        try await channel.testingEventLoop.executeInContext { [channel] in
            WeakReference(try channel.pipeline.syncOperations.handler(type: ClientConnectionHandler.self))
        }
    }

    /// The peer says that it will send nothing more, but goes on reading.
    func endInput() async throws { try await fire(ChannelEvent.inputClosed) }

    /// The peer is gone.
    func hangUp() async throws { try await channel.close().get() }

    var isOpen: Bool { channel.isActive }

    /// Whether the channel goes on reading by itself.
    var isReading: Bool {
        for (option, value) in channel.options where option is ChannelOptions.Types.AutoReadOption {
            return value as? Bool ?? true
        }
        return true
    }

    /// Returns when every lookup that was begun has ended.
    func endLookups() async {
        lookupTask.cancel()
        await lookupTask.value
        pool.shutDown()
    }
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
