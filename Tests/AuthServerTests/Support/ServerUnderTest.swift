import AuthDatabases
import Logging
import ServiceLifecycle

@testable import AuthServer

/// A whole server on a real socket.
final class ServerUnderTest: Sendable {
    let log = LogRecorder()
    let directory: TestDirectory
    let server: AuthServer
    private let trigger = GracefulShutdownTrigger()
    private let task: Task<Void, any Error>

    var path: String { directory.path + "/auth" }

    /// - Parameter connecting: clients that connect before the server accepts.
    init(
        _ databases: [any PasswordDatabase], connecting: Int = 0, _ change: (inout AuthServerConfiguration) -> Void = { _ in }
    ) throws {
        directory = try TestDirectory()
        let path = directory.path + "/auth"
        var configuration = AuthServerConfiguration(databases: databases)
        configuration.eventLoops = 1
        configuration.hashThreads = 1
        change(&configuration)
        let socket = try ListeningSocket.bind(.init(path: path, mode: 0o600))
        early = try (0..<connecting).map { _ in try SocketClient(path) }
        server = AuthServer(sockets: [socket], configuration: configuration, logger: log.logger)
        let (server, trigger) = (server, trigger)
        task = Task { try await trigger.run { try await server.run() } }
    }

    /// Those that connected before the server accepted.
    let early: [SocketClient]

    func greeted() async throws -> SocketClient {
        let client = try SocketClient(path)
        _ = await client.read(through: "\nDONE\n")
        await client.write("VERSION\t1\t2\nCPID\t4711\n")
        return client
    }

    /// Asks it to end; see ``end()``.
    func beginToEnd() { trigger.fire() }

    /// Asks it to end and waits until it has.
    func end() async throws {
        beginToEnd()
        try await task.value
    }
}

/// Starts a graceful shutdown as a service group does.
final class GracefulShutdownTrigger: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func fire() { continuation.finish() }

    func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
        struct Body: Service {
            let body: @Sendable () async throws -> Void
            func run() async throws { try await body() }
        }
        struct End: Service {
            let stream: AsyncStream<Void>
            func run() async throws { for await _ in stream {} }
        }
        // The end of the second service shuts the first one down gracefully.
        let configuration = ServiceGroupConfiguration(
            services: [
                .init(service: Body(body: body), successTerminationBehavior: .gracefullyShutdownGroup),
                .init(service: End(stream: stream), successTerminationBehavior: .gracefullyShutdownGroup),
            ], logger: .init(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await ServiceGroup(configuration: configuration).run()
    }
}
