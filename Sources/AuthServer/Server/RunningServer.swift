internal import AuthDatabases
internal import AuthEngine
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// What exists only while an ``AuthServer`` runs: threads, channels, connections.
final class RunningServer: Sendable {
    let lookups = BackgroundLookups()
    private let group: MultiThreadedEventLoopGroup
    private let pool: VerificationPool
    private let service: LoginService
    private let registry: ConnectionRegistry
    private let logger: Logger
    private let channels = Mutex<[String: (channel: any Channel, socket: ListeningSocket)]>([:])

    init(_ configuration: AuthServerConfiguration, _ listeners: [AuthServer.Listener], _ logger: Logger) {
        let processors = VerificationPool.processorCount
        group = MultiThreadedEventLoopGroup(
            numberOfThreads: configuration.eventLoops > 0 ? configuration.eventLoops : processors)
        pool = VerificationPool(
            threads: configuration.hashThreads > 0 ? configuration.hashThreads : processors,
            maximumPending: configuration.hashQueueLimit, clock: { .now })
        registry = ConnectionRegistry(limit: configuration.maximumConnections)
        service = LoginService(
            Self.state(configuration, listeners, pool, lookups), logger: logger)
        self.logger = logger
    }

    private static func state(
        _ configuration: AuthServerConfiguration, _ listeners: [AuthServer.Listener], _ pool: VerificationPool,
        _ lookups: BackgroundLookups
    ) -> LoginService.State {
        LoginService.State(
            authenticator: Authenticator(
                chain: configuration.chain, tokenValidator: configuration.tokenValidator,
                decoys: configuration.decoys, pool: pool, lookups: lookups, isVerbose: configuration.isVerbose),
            logging: .init(isDebug: configuration.isDebug, showsPasswords: configuration.showsPasswords),
            listeners: Dictionary(
                listeners.map { listener in
                    (
                        listener.socket.address.path,
                        ServedListener(settings: configuration.connectionSettings(listener.temporaryFailure))
                    )
                }, uniquingKeysWith: { first, _ in first }))
    }

    func replace(_ configuration: AuthServerConfiguration, _ listeners: [AuthServer.Listener]) {
        registry.limit = configuration.maximumConnections
        service.replace(Self.state(configuration, listeners, pool, lookups))
    }

    /// Begins to accept connections.
    func open(_ socket: ListeningSocket) async throws {
        let (service, registry, logger) = (self.service, self.registry, self.logger)
        let path = socket.address.path
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptLimiter(registry: registry, logger: logger))
                }
            }
            // Scripts send their request and close their half at once.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let listener = service.listener(path) else { throw ChannelError.alreadyClosed }
                    try channel.pipeline.syncOperations.addHandler(
                        ClientConnectionHandler(
                            service: service, listener: listener, registry: registry, channel: channel))
                }
            }
            .withBoundSocket(socket.descriptor).get()
        channels.withLock { $0[path] = (channel, socket) }
    }

    /// Stops accepting on a socket and removes it; its connections live on.
    func close(_ path: String) async {
        guard let (channel, socket) = channels.withLock({ $0.removeValue(forKey: path) }) else { return }
        socket.unlink()
        // It may have been closed by an error already.
        try? await channel.close()
    }

    /// Stops accepting, and returns when every open request was answered or the time is over.
    func drain(within limit: Duration) async {
        for path in channels.withLock({ Array($0.keys) }) { await close(path) }
        registry.drain()
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { [registry, logger] in
                // Cancelled as soon as the last connection has gone.
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                logger.warning("\(registry.count) connections still open after \(limit), closing them")
                registry.closeAll()
            }
            await registry.waitUntilEmpty()
            tasks.cancelAll()
        }
    }

    func end() async {
        pool.shutDown()
        // An event loop that can't end leaves nothing to be done about it.
        try? await group.shutdownGracefully()
    }
}
