internal import AuthDatabases
internal import AuthEngine
internal import Glibc
internal import Logging
internal import PasswordSchemes
internal import Synchronization

/// What exists only while an ``AuthServer`` runs: threads, sockets that accept, connections.
final class RunningServer: Sendable {
    let lookups = BackgroundLookups()
    private let loops: EventLoopGroup
    private let pool: VerificationPool
    private let users: UserService
    private let service: LoginService
    private let registry: ConnectionRegistry
    /// Outlives every reload.
    private let penalties = PenaltyTable()
    private let logger: Logger
    /// By path; the number is that of the loops.
    private let accepting = Mutex<[String: (number: Int, socket: ListeningSocket)]>([:])
    private let socketsSoFar = Atomic(0)

    init(
        _ configuration: AuthServerConfiguration, _ listeners: [AuthServer.Listener], _ logger: Logger
    ) throws(SystemFailure) {
        let processors = VerificationPool.processorCount
        registry = ConnectionRegistry(limit: configuration.maximumConnections)
        loops = try EventLoopGroup(
            loops: configuration.eventLoops > 0 ? configuration.eventLoops : (processors + 1) / 2, registry: registry,
            logger: logger)
        pool = VerificationPool(
            threads: configuration.hashThreads > 0 ? configuration.hashThreads : processors,
            maximumPending: configuration.hashQueueLimit, limits: configuration.hashingLimits, clock: { .now })
        users = UserService(lookups)
        service = LoginService(
            Self.state(configuration, listeners, pool, lookups, users, penalties, logger), logins: users.logins, logger: logger)
        self.logger = logger
    }

    private static func state(
        _ configuration: AuthServerConfiguration, _ listeners: [AuthServer.Listener], _ pool: VerificationPool,
        _ lookups: BackgroundLookups, _ users: UserService, _ penalties: PenaltyTable,
        _ logger: Logger
    ) -> LoginService.State {
        let masterSockets = listeners.compactMap { listener in
            MasterConnectionSettings.Kind(listener.kind).map {
                (listener.socket.address.path, configuration.masterSettings($0))
            }
        }
        // CACHE-FLUSH reaches it, too.
        let loginCache = configuration.makeLoginCache()
        if let loginCache, !loginCache.hasLockedKey { logger.warning("\(unlockedKey)") }
        var flushed = configuration
        if let loginCache { flushed.caches.append(loginCache) }
        return LoginService.State(
            authenticator: Authenticator(
                chain: configuration.chain, tokenValidator: configuration.tokenValidator,
                decoys: configuration.decoys, pool: pool, lookups: lookups, loginCache: loginCache,
                isVerbose: configuration.isVerbose, protocols: configuration.protocolChains,
                passwordLogging: configuration.passwordLogging),
            desk: users.desk(flushed),
            logging: .init(isDebug: configuration.isDebug, showsPasswords: configuration.showsPasswords),
            listeners: Dictionary(
                listeners.filter { MasterConnectionSettings.Kind($0.kind) == nil }.map { listener in
                    (
                        listener.socket.address.path,
                        ServedListener(
                            settings: configuration.connectionSettings(
                                listener.temporaryFailure, greeting: listener.greeting, penalties: penalties),
                            isForLogins: listener.kind == .login)
                    )
                }, uniquingKeysWith: { first, _ in first }),
            masterSockets: Dictionary(masterSockets, uniquingKeysWith: { first, _ in first }))
    }

    private static let unlockedKey =
        "gatepost_login_cache_ttl: the key of remembered logins can't be kept out of swap, for the system allows this "
        + "process no locked memory; set LimitMEMLOCK=64K in the service's unit (ulimit -l 64 in a shell), or encrypt "
        + "the swap"

    func replace(_ configuration: AuthServerConfiguration, _ listeners: [AuthServer.Listener]) {
        registry.limit = configuration.maximumConnections
        service.replace(Self.state(configuration, listeners, pool, lookups, users, penalties, logger))
    }

    /// Begins to accept connections: the first loop does, and the others when it has more to do than it can.
    func open(_ socket: ListeningSocket) async throws(SystemFailure) {
        socket.stopBlocking()
        let listener = LoopListener(
            number: socketsSoFar.wrappingAdd(1, ordering: .relaxed).newValue, descriptor: socket.descriptor,
            kind: kind(of: socket))
        accepting.withLock { $0[socket.address.path] = (listener.number, socket) }
        try await loops.onEveryLoop { loop, _ throws(SystemFailure) in try loop.add(listener) }
    }

    private func kind(of socket: ListeningSocket) -> any ConnectionKind {
        SocketConnectionKind(service: service, path: socket.address.path)
    }

    /// Stops accepting on a socket and removes it; its connections live on.
    func close(_ path: String) async {
        guard let (number, socket) = accepting.withLock({ $0.removeValue(forKey: path) }) else { return }
        socket.unlink()
        // Nothing to fail in it. Only when no loop accepts any more may the descriptor become somebody else's.
        try? await loops.onEveryLoop { loop, _ in loop.removeListener(number) }
        Glibc.close(socket.descriptor)
    }

    /// Stops accepting, and returns when every open request was answered or the time is over.
    func drain(within limit: Duration) async {
        for path in accepting.withLock({ Array($0.keys) }) { await close(path) }
        loops.tellEveryLoop { loop, turn in loop.drain(&turn) }
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { [registry, logger, loops] in
                // Cancelled as soon as the last connection has gone.
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                logger.warning("\(registry.count) connections still open after \(limit), closing them")
                loops.tellEveryLoop { loop, turn in loop.closeAll(&turn) }
            }
            await registry.waitUntilEmpty()
            tasks.cancelAll()
        }
    }

    func end() {
        pool.shutDown()
        loops.end()
    }
}
