import AuthServer
import DovecotConfiguration
import SASLMechanisms

@testable import AuthDatabases
@testable import GatepostDaemon

/// All that the daemon makes of a configuration, as values that can be compared.
///
/// Databases hide what they were given, so they are asked: of each it is known what becomes of a few logins and lookups.
struct ServerFingerprint {
    private var parts: [String: AnyHashable] = [:]

    private static let logins = [
        "PLAIN alice secret", "PLAIN alice@example.com secret", "PLAIN dora secret", "PLAIN alice secret authzid=bob",
    ]
    private static let names = [
        "Alice", "bob@example.com", "alice*bob", "smith,john", "a b", "anonymous", "",
    ]

    init(_ text: String) async throws {
        let configuration = try AuthConfiguration.load(path: "/etc/d.conf", files: OneFile(text)).configuration
        let plan = try ServerPlan(configuration, pool: BlockingPool(threads: 1)) { _ in }
        parts["notices"] = plan.notices
        parts["base directory"] = plan.baseDirectory
        parts["identity"] = Daemon.identity(configuration)
        for (number, listener) in plan.listeners.enumerated() {
            parts["listener \(number)"] = listener.address
            parts["protocol of listener \(number)"] = "\(listener.kind) \(listener.temporaryFailure) \(listener.greeting)"
        }
        let sinks = try LogDestination.Sinks(configuration)
        parts["log"] = [sinks.errors, sinks.info, sinks.debug].map(\.target)
        add(plan.settings)
        for (number, link) in plan.settings.passwordDatabases.enumerated() {
            parts["passdb \(number)"] = link.rules
            parts["kind of passdb \(number)"] = "\(type(of: link.database)) \(link.database.driver)"
            parts["dates of passdb \(number)"] = (link.database as? ShadowDatabase)?.dates ?? .respected
        }
        for login in Self.logins { parts[login] = await PlayedLogin.outcome(of: login, plan.settings) }
        for (number, link) in plan.settings.userDatabases.enumerated() {
            parts["userdb \(number)"] = link.rules
            parts["kind of userdb \(number)"] = "\(type(of: link.database)) \(link.database.driver)"
            parts["names of userdb \(number)"] = try await link.database.names()?.all() ?? []
            for name in ["alice", "alice@example.com"] {
                parts["userdb \(number) \(name)"] = await link.database.lookup(UserQuery(user: name))
            }
        }
    }

    private mutating func add(_ settings: AuthServerConfiguration) {
        parts["mechanisms"] = settings.mechanisms.mechanisms.map(\.name)
        parts["weak schemes"] = settings.weakSchemes == .allowed
        parts["unknown targets"] = settings.unknownTargets == .allowed
        parts["realms"] = settings.realms
        parts["iterations"] = settings.decoys.scramIterations
        parts["anonymous user"] = settings.anonymousUser ?? "nobody"
        parts["nologin"] = settings.refusesNoLogin
        parts["client certificate"] = settings.requiresClientCertificate
        parts["name of the certificate"] = settings.takesCertificateName
        parts["failure delays"] = [settings.failureDelay, settings.internalFailureDelay]
        parts["penalty"] = settings.usesPenalty
        parts["times"] = [settings.requestDeadline, settings.exchangeTimeout, settings.handshakeTimeout]
        parts["requests"] = settings.maximumRequestsInFlight
        parts["connections"] = settings.maximumConnections
        parts["hashing"] = [settings.hashThreads, settings.hashQueueLimit]
        parts["hashing limits"] = "\(settings.hashingLimits.time) \(settings.hashingLimits.memory)"
        parts["login cache"] = "\(settings.loginCacheTimeToLive) \(settings.loginCacheSize)"
        parts["verbose"] = settings.isVerbose
        parts["passwords in the log"] = settings.passwordLogging
        parts["debug"] = [settings.isDebug, settings.showsPasswords]
        parts["caches"] = settings.caches.map { cache in
            (cache as? AuthCache).map { [$0.maximumSize, $0.timeToLive, $0.negativeTimeToLive] } ?? []
        }
        for name in Self.names { parts["name \(name)"] = settings.usernames.login(name) }
    }

    /// What the two have not in common.
    func differences(from other: ServerFingerprint) -> [String] {
        Set(parts.keys).union(other.parts.keys).filter { parts[$0] != other.parts[$0] }.sorted()
    }
}

extension UserNames {
    fileprivate func all() async throws -> [String] {
        var (names, rest) = ([String](), self)
        while let more = try await rest.next() { names += more }
        return names
    }
}
