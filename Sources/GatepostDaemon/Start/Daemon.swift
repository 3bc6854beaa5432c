internal import AuthDatabases
internal import AuthServer
internal import DovecotConfiguration
internal import Glibc
internal import Logging
internal import SASLMechanisms
internal import ServiceLifecycle
internal import Synchronization
internal import UnixSignals

/// The daemon: configuration, log, sockets, privileges, and then the server, in this order, for nothing needs root after
/// the sockets are bound, and no thread may exist before privileges are given up.
public struct Daemon: Sendable {
    private let configurationPath: String
    private let logLevel: Logger.Level?
    private let loaded: LoadedConfiguration
    private let log: LogDestination
    private let logger: Logger

    private var configuration: AuthConfiguration { loaded.configuration }

    /// Reads the configuration and opens the log.
    ///
    /// - Parameters:
    ///   - configurationPath: a file in Dovecot's words.
    ///   - logLevel: the least level that is logged; nil for what the configuration says.
    /// - Throws: `ConfigurationErrors` with all that is wrong in the file, or ``DaemonError``.
    public init(configurationPath: String, logLevel: String?) throws {
        self.configurationPath = configurationPath
        if let logLevel {
            guard let level = Logger.Level(rawValue: logLevel) else {
                throw DaemonError(
                    "--log-level \(logLevel): there is no such level; choose one of "
                        + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))
            }
            self.logLevel = level
        } else {
            self.logLevel = nil
        }
        let loaded = try AuthConfiguration.load(path: configurationPath, files: LocalConfigurationFiles())
        self.loaded = loaded
        let level = self.logLevel ?? Self.level(loaded.configuration)
        log = LogDestination(try Self.sinks(loaded), level: level)
        let destination = log
        logger = Logger(label: "gatepost") { _ in DovecotLogHandler(destination) }
        for notice in loaded.notices { logger.info("\(notice)") }
    }

    private static func sinks(
        _ loaded: LoadedConfiguration, reusing known: LogDestination.Sinks? = nil
    ) throws(DaemonError) -> LogDestination.Sinks {
        do throws(DaemonError) {
            return try LogDestination.Sinks(loaded.configuration, reusing: known)
        } catch {
            throw error.placed(loaded.places)
        }
    }

    private static func level(_ configuration: AuthConfiguration) -> Logger.Level {
        configuration.debug ? .debug : .info
    }

    /// Sockets that are bound, of a process that has given up its privileges.
    public struct Prepared: Sendable {
        let sockets: [ListeningSocket]
        let decoys: DecoySecret?
    }

    /// Binds the sockets and gives up privileges.
    ///
    /// To be called on the process's first thread, before there is another: `no_new_privs` counts for a thread and for
    /// those that it starts.
    ///
    /// - Throws: `ListeningError` or ``DaemonError``, each a sentence with the remedy.
    public func prepare() throws -> Prepared {
        // A client that goes away while it is answered must not end the server.
        signal(SIGPIPE, SIG_IGN)
        // Until they are trapped: what they ask for is just being done.
        signal(SIGHUP, SIG_IGN)
        signal(SIGUSR1, SIG_IGN)
        let plan = try plan(loaded, decoys: nil, pool: nil)
        let decoys = configuration.secretFile.isEmpty ? nil : try SecretFile.load(configuration.secretFile)
        let sockets = try Self.bind(plan)
        allowClients(configuration)
        try becomeUnprivileged()
        return Prepared(sockets: sockets, decoys: decoys)
    }

    /// Serves until SIGTERM or SIGINT, then answers what is open.
    ///
    /// - Throws: ``DaemonError`` or what the system says, before the first login.
    public func serve(_ prepared: Prepared) async throws {
        let sockets = prepared.sockets
        let pool = BlockingPool()
        var generator = SystemRandomNumberGenerator()
        let decoys = prepared.decoys ?? DecoySecret(using: &generator)
        let served = try self.plan(loaded, decoys: decoys, pool: pool)
        for notice in served.notices { logger.info("\(notice)") }
        for database in served.databases {
            // The server starts all the same: the file may come later, and until then logins fail temporarily.
            do { try await database.prepare() } catch { logger.error("\(database.driver): \(error)") }
        }
        let server = AuthServer(
            listeners: zip(sockets, served.listeners).map {
                .init(
                    socket: $0, kind: $1.kind, temporaryFailure: $1.temporaryFailure, greeting: $1.greeting)
            },
            configuration: served.settings, logger: logger)
        for listener in sockets { logger.info("Listening on \(listener.address.path)") }
        let reloads = SignalService(
            server: server, pool: pool, decoys: decoys, daemon: self,
            signals: await UnixSignalsSequence(trapping: .sighup, .sigusr1))
        var group = ServiceGroupConfiguration(
            services: [
                .init(service: server, successTerminationBehavior: .gracefullyShutdownGroup),
                .init(service: reloads, successTerminationBehavior: .ignore),
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: Logger(label: "services") { _ in
                SwiftLogNoOpLogHandler()
            })
        group.maximumGracefulShutdownDuration = .seconds(20)
        try await ServiceGroup(configuration: group).run()
        logger.info("Stopped")
    }

    private func plan(
        _ loaded: LoadedConfiguration, decoys: DecoySecret?, pool: BlockingPool?
    ) throws(DaemonError) -> ServerPlan {
        let logger = logger
        do throws(DaemonError) {
            return try ServerPlan(
                loaded.configuration, places: loaded.places, decoys: decoys, pool: pool,
                notify: { logger.error("\($0)") }, inform: { logger.info("\($0)") })
        } catch {
            throw error.placed(loaded.places)
        }
    }

    private static func bind(_ plan: ServerPlan) throws -> [ListeningSocket] {
        var bound: [ListeningSocket] = []
        do {
            try plan.makeSocketDirectories()
            for listener in plan.listeners {
                bound.append(try ServerPlan.forSocket(of: listener, ListeningSocket.bind))
            }
        } catch {
            for socket in bound { socket.unlink() }
            throw error
        }
        return bound
    }

    /// As whom to run once the sockets are bound.
    static func identity(_ configuration: AuthConfiguration) -> Privileges.Identity {
        let needsShadow = ([configuration] + configuration.protocols.map(\.configuration))
            .contains { $0.passwordDatabases.contains { $0.driver == .shadow } }
        return Privileges.Identity(
            user: configuration.serviceUser, group: configuration.serviceGroup,
            supplementaryGroups: configuration.extraGroups + (needsShadow ? ["shadow"] : []))
    }

    private func allowClients(_ configuration: AuthConfiguration) {
        guard let shortage = OpenFileLimit.raise(for: configuration.clientLimit) else { return }
        logger.warning("\(shortage)")
    }

    private func becomeUnprivileged() throws {
        if geteuid() == 0 {
            let user = configuration.serviceUser
            if user == "root" {
                let place = Self.place(of: .user, loaded).map { "\($0): " } ?? ""
                logger.warning("\(place)service auth { user = root }: keeping root's privileges")
            } else if SystemAccounts.userID(named: user) == nil, user == AuthConfiguration.defaultAccount {
                logger.warning(
                    "there is no user \"\(user)\", so root's privileges are kept; create it with: useradd --system --no-create-home \(user)"
                )
            } else {
                try drop()
            }
        }
        try Privileges.forbidDumpsAndNewPrivileges()
    }

    private func drop() throws {
        do throws(Privileges.Failure) {
            try Privileges.drop(to: Self.identity(configuration), handOver: log.give)
        } catch {
            guard let missing = error.missing else { throw error }
            let place = Self.place(of: missing, loaded).map { "\($0): " } ?? ""
            throw DaemonError(inConfiguration: "\(place)\(error)")
        }
    }

    /// Where an account or group to run as is named; nil for what no setting names.
    static func place(of missing: Privileges.Missing, _ loaded: LoadedConfiguration) -> SourceLocation? {
        let places = loaded.places
        switch missing {
        case .user: return places["service/auth/user"] ?? places["default_internal_user"]
        case .primaryGroup: return places["service/auth/group"] ?? place(of: .user, loaded)
        case .supplementaryGroup(let name):
            // The shadow driver asks for its own.
            return loaded.configuration.extraGroups.contains(name) ? places["service/auth/extra_groups"] : nil
        }
    }

    /// Reads everything again, but for the secret of the decoys; keeps all as it was if anything is wrong.
    func reload(_ server: AuthServer, _ pool: BlockingPool, _ decoys: DecoySecret) async {
        logger.info("SIGHUP received, reloading \(configurationPath)")
        do {
            let loaded = try AuthConfiguration.load(path: configurationPath, files: LocalConfigurationFiles())
            let plan = try plan(loaded, decoys: decoys, pool: pool)
            let sinks = try Self.sinks(loaded, reusing: log.sinks)
            for database in plan.databases { try await read(database.driver, database.reload) }
            for database in plan.userDatabases { try await read(database.driver, database.reload) }
            let listeners = try Self.listeners(of: plan, from: server.listeners.map(\.socket))
            try await server.reconfigure(plan.settings, listeners: listeners)
            log.replace(sinks, level: logLevel ?? Self.level(loaded.configuration))
            log.reopen()
            for notice in loaded.notices + plan.notices { logger.info("\(notice)") }
            allowClients(loaded.configuration)
            logger.info("Reloaded")
        } catch let errors as ConfigurationErrors {
            for entry in errors.entries { logger.error("\(entry.description)") }
            logger.error("The configuration is not reloaded; the old one stays in force")
        } catch let error as ListeningError where geteuid() != 0 && [.permissionDenied, .system].contains(error.code) {
            // What it says to do is for the start.
            logger.error("\(error)")
            let remedy = "sockets that need root are made by a restart"
            logger.error("The configuration is not reloaded; the old one stays in force; \(remedy)")
        } catch {
            logger.error("\(error)")
            logger.error("The configuration is not reloaded; the old one stays in force")
        }
    }

    /// Has a database read its file. What it can't read will fail temporarily, as after a start.
    ///
    /// - Throws: what may pass, such as a lack of memory: then what was read before is better than nothing.
    private func read(_ driver: String, _ reload: () async throws(DatabaseFailure) -> Void) async throws(DaemonError) {
        do throws(DatabaseFailure) {
            try await reload()
        } catch {
            guard !error.mayPass else { throw DaemonError("\(driver): \(error)") }
            logger.error("\(driver): \(error)")
        }
    }

    /// The sockets of a new plan: those that are there already with their new rights, and new ones.
    private static func listeners(of plan: ServerPlan, from old: [ListeningSocket]) throws -> [AuthServer.Listener] {
        let known = Dictionary(old.map { ($0.address.path, $0) }, uniquingKeysWith: { first, _ in first })
        var made: [String: ListeningSocket] = [:]
        do {
            try plan.makeSocketDirectories()
            for listener in plan.listeners where known[listener.address.path] == nil {
                made[listener.address.path] = try ServerPlan.forSocket(of: listener, ListeningSocket.bind)
            }
            return try plan.listeners.map { listener in
                let path = listener.address.path
                let socket = try known[path].map { try ServerPlan.forSocket(of: listener, $0.giving) } ?? made[path]
                guard let socket else { throw DaemonError("\(path): the socket is gone") }
                return AuthServer.Listener(
                    socket: socket, kind: listener.kind, temporaryFailure: listener.temporaryFailure,
                    greeting: listener.greeting)
            }
        } catch {
            // Left behind, they would be in the way of the next reload.
            for socket in made.values { socket.discard() }
            throw error
        }
    }

    func reopenLogs() {
        // Said in the old files: what can't be opened again says so itself.
        logger.info("SIGUSR1 received, opening the log files again")
        log.reopen()
    }
}
