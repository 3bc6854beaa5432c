public import AuthEngine
public import Logging
public import ServiceLifecycle
internal import Synchronization

/// A Dovecot SASL auth server on Unix sockets: what Postfix, Exim and others ask "is this really Alice?".
///
/// ```swift
/// let socket = try ListeningSocket.bind(.init(path: "/run/example/auth", mode: 0o666))
/// let server = AuthServer(
///     sockets: [socket], configuration: .init(databases: [MyUsers()]), logger: Logger(label: "auth"))
/// try await server.run()
/// ```
///
/// ``run()`` returns after a graceful shutdown or cancellation, when every open request is answered and every
/// connection closed, or ``AuthServerConfiguration/drainTimeout`` is over. A server runs once.
public final class AuthServer: Service, CustomStringConvertible {
    /// A socket and what is particular to its clients.
    public struct Listener: Sendable, Hashable {
        public var socket: ListeningSocket
        public var kind: Kind
        /// How a client learns of an internal failure.
        public var temporaryFailure: TemporaryFailurePolicy
        /// What clients hear before they have said their VERSION; mechanisms with channel binding (`-PLUS`) are offered
        /// only after it.
        public var greeting: GreetingOrder

        public init(
            socket: ListeningSocket, kind: Kind = .client, temporaryFailure: TemporaryFailurePolicy = .automatic,
            greeting: GreetingOrder = .atConnect
        ) {
            self.socket = socket
            self.kind = kind
            self.temporaryFailure = temporaryFailure
            self.greeting = greeting
        }

        /// What its peers speak.
        public enum Kind: Sendable, Hashable {
            /// Mail servers who have logins checked: Postfix, Exim, Prosody …
            case client
            /// Dovecot's login processes: the same, but whoever logs in is taken over through a master socket.
            case login
            /// Mail servers who look users up (USER, PASS, LIST), as chasquid and Dovecot's LMTP server do.
            ///
            /// Through a socket of mode 0666 somebody who doesn't own it sees only the user who has their own id.
            case userdb
            /// Dovecot's mail processes, and its administrators' tools: the same, and REQUEST and CACHE-FLUSH.
            case master
        }
    }

    private struct State {
        var listeners: [Listener]
        var configuration: AuthServerConfiguration
        var running: RunningServer?
    }

    private let state: Mutex<State>
    private let logger: Logger

    /// - Parameters:
    ///   - listeners: bound sockets; the server closes them when it ends.
    ///   - configuration: how to answer.
    ///   - logger: gets what an admin has to know, and a line a failed login if that is asked for.
    public init(listeners: [Listener], configuration: AuthServerConfiguration, logger: Logger) {
        state = Mutex(State(listeners: listeners, configuration: configuration))
        self.logger = logger
    }

    /// A server whose clients all get the same treatment.
    public convenience init(sockets: [ListeningSocket], configuration: AuthServerConfiguration, logger: Logger) {
        self.init(listeners: sockets.map { Listener(socket: $0) }, configuration: configuration, logger: logger)
    }

    /// A word; without it a service group would describe the whole server with its configuration at each start.
    public var description: String { "AuthServer" }

    /// The sockets that are served, or will be.
    public var listeners: [Listener] { state.withLock { $0.listeners } }

    /// Serves until graceful shutdown or cancellation.
    ///
    /// - Throws: what the system says if a socket can't be served.
    public func run() async throws {
        let running = try state.withLock { state in
            let running = try RunningServer(state.configuration, state.listeners, logger)
            state.running = running
            return running
        }
        let drainTimeout = state.withLock { $0.configuration.drainTimeout }
        var failure: (any Error)?
        await withDiscardingTaskGroup { tasks in
            tasks.addTask { await running.lookups.run() }
            do {
                for listener in listeners { try await running.open(listener.socket) }
                // Throws when the task is cancelled, which is a way to end like the other.
                try? await gracefulShutdown()
            } catch {
                failure = error
            }
            await running.drain(within: drainTimeout)
            tasks.cancelAll()
        }
        running.end()
        if let failure { throw failure }
    }

    /// Answers by another configuration from now on; connections live on.
    ///
    /// Sockets that are served already are recognised by their path. New connections get the new mechanisms and limits,
    /// all connections the new databases. `eventLoops`, `hashThreads`, `hashQueueLimit` and `hashingLimits` keep their
    /// values until the next start.
    ///
    /// - Throws: what the system says if a new socket can't be served; the old configuration stays in force then.
    public func reconfigure(_ configuration: AuthServerConfiguration, listeners: [Listener]) async throws {
        let running = state.withLock { $0.running }
        if let running {
            let old = Set(self.listeners.map(\.socket.address.path))
            let new = Set(listeners.map(\.socket.address.path))
            running.replace(configuration, listeners)
            do {
                for listener in listeners where !old.contains(listener.socket.address.path) {
                    try await running.open(listener.socket)
                }
            } catch {
                let (configuration, kept) = state.withLock { ($0.configuration, $0.listeners) }
                running.replace(configuration, kept)
                for listener in listeners where !old.contains(listener.socket.address.path) {
                    await running.close(listener.socket.address.path)
                    // Also one that was never opened must not stand in the way of the next attempt.
                    listener.socket.unlink()
                }
                throw error
            }
            for path in old.subtracting(new) { await running.close(path) }
        }
        state.withLock { state in
            state.configuration = configuration
            state.listeners = listeners
        }
    }
}
