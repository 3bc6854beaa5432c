import Synchronization

@testable import AuthEngine
@testable import AuthServer

/// All that the connections of a client socket need but loops.
final class LoginsUnderTest: Sendable {
    let log = LogRecorder()
    let kind: any ConnectionKind
    private let pool: VerificationPool
    private let lookups: BackgroundLookups
    private let lookupTask: Task<Void, Never>

    /// - Parameter users: by name; passwords as a passwd-file has them.
    init(_ users: [String: String], _ change: (inout AuthServerConfiguration) -> Void = { _ in }) throws {
        let lookups = BackgroundLookups()
        self.lookups = lookups
        lookupTask = Task { await lookups.run() }
        let pool = VerificationPool(threads: 2, maximumPending: 1000) { .now }
        self.pool = pool
        var configuration = AuthServerConfiguration(databases: [try MemoryUsers(users)])
        change(&configuration)
        let listener = ServedListener(settings: configuration.connectionSettings(.automatic))
        let service = UserService(lookups)
        kind = SocketConnectionKind(
            service: LoginService(
                .init(
                    authenticator: Authenticator(
                        chain: configuration.chain, tokenValidator: nil, decoys: configuration.decoys, pool: pool,
                        lookups: lookups, isVerbose: false),
                    desk: service.desk(configuration), logging: .init(), listeners: ["/auth": listener],
                    masterSockets: [:]), logins: service.logins, logger: log.logger), path: "/auth")
    }

    /// Returns when every lookup that was begun has ended.
    func end() async {
        lookupTask.cancel()
        await lookupTask.value
        pool.shutDown()
    }
}
