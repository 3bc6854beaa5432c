public import AuthDatabases
public import AuthEngine
internal import Glibc
public import PasswordSchemes
public import SASLMechanisms

/// How an ``AuthServer`` answers; the sockets are given to it apart.
public struct AuthServerConfiguration: Sendable {
    /// Where users and their passwords are found, with the rules of each; asked in this order.
    public var passwordDatabases: [PasswordDatabaseChain.Link]
    /// Where is known what else mail servers need of a user, with the rules of each; asked in this order, on userdb and
    /// master sockets.
    public var userDatabases: [UserDatabaseChain.Link] = []
    /// What CACHE-FLUSH on a master socket empties.
    public var caches: [any AnswerCache] = []
    /// What becomes of a master user's login as somebody whom no database knows.
    public var unknownTargets = PasswordDatabaseChain.UnknownTargetPolicy.refused
    /// What is offered, in this order.
    public var mechanisms = MechanismRegistry([PlainServerMechanism.offer, LoginServerMechanism.offer])
    /// Judges bearer tokens; without one OAUTHBEARER and XOAUTH2 are not offered.
    public var tokenValidator: (any TokenValidator)?
    /// What a client hears whose message is malformed, or whose token is refused by a validator that doesn't say better.
    public var tokenHints = TokenHints()
    /// What becomes of passwords that are stored in schemes which Dovecot 2.4 calls weak.
    public var weakSchemes = WeakSchemePolicy.allowed
    /// What users who don't exist get instead of salts and keys; give one that outlives the process.
    public var decoys: DecoySecret = {
        var generator = SystemRandomNumberGenerator()
        return DecoySecret(using: &generator)
    }()
    /// This server's name, which CRAM-MD5 shows to clients; empty for the system's.
    public var hostName = ""
    /// The realms that DIGEST-MD5 offers.
    public var realms: [String] = []
    /// As whom ANONYMOUS logs in; nil if nobody may.
    public var anonymousUser: String? = "anonymous"
    /// Whether only clients with a certificate may log in, as the mail server says of them.
    public var requiresClientCertificate = false
    /// Whether the name in a client's certificate is the one that logs in; EXTERNAL needs it.
    public var takesCertificateName = false
    /// Whether users with `nologin` are kept out on sockets of mail servers, which overlook that field; it means nothing
    /// beside `proxy` or `host`.
    public var refusesNoLogin = true
    /// Which names may log in, and how they are spelled for the databases.
    public var usernames = UsernamePolicy()
    /// How long after its arrival a failing request is answered, at the earliest.
    public var failureDelay: Duration = .seconds(2)
    /// How long after its arrival a request that can't be decided is answered, at the earliest; half as long again at
    /// most.
    public var internalFailureDelay: Duration = .seconds(2)
    /// Whether addresses from which logins failed lately have to wait for their next ones.
    public var usesPenalty = true
    /// When a request without an answer ends as a temporary failure; mail servers wait for 5 to 10 seconds.
    public var requestDeadline: Duration = .seconds(8)
    /// How long an exchange waits for the mail client's next response.
    public var exchangeTimeout: Duration = .seconds(150)
    /// How long a new connection may take to introduce itself.
    public var handshakeTimeout: Duration = .seconds(30)
    /// What single protocols have of their own, by the name that mail servers give; with `!` in front for all others.
    public var protocols: [String: ProtocolLogins] = [:]
    /// How many requests of one connection may be open.
    public var maximumRequestsInFlight = 200
    /// How many connections may be open; more wait until one ends.
    public var maximumConnections = 10_000
    /// How many costly hashes are computed at once; 0 for one a processor.
    public var hashThreads = 0
    /// How many costly hashes may wait; over that logins fail temporarily.
    public var hashQueueLimit = 1000
    /// How long a login whose password was right is remembered, so that its next one computes no costly hash; zero to
    /// remember none. See `SECURITY.md` for what that trades.
    public var loginCacheTimeToLive: Duration = .zero
    /// How many logins are remembered that way.
    public var loginCacheSize = 100_000
    /// Stored hashes that would cost more than this to check are refused, with an error that names the user.
    public var hashingLimits = HashingLimits()
    /// How many event loops serve connections; 0 for one for every two processors: whoever logs in runs on this machine,
    /// too, and a loop that shares its processor with them loses more by being woken up than it gains.
    public var eventLoops = 0
    /// How long open requests may take to end when the server ends.
    public var drainTimeout: Duration = .seconds(10)
    /// Whether failed logins are logged.
    public var isVerbose = false
    /// What the log shows of the password of a failed login; more than nothing, and such logins are logged in any case.
    public var passwordLogging = PasswordLogging()
    /// Whether the protocol is logged, at level debug.
    public var isDebug = false
    /// Whether the debug log shows passwords. For a test system only.
    public var showsPasswords = false

    /// Databases with Dovecot's default rules.
    public init(databases: [any PasswordDatabase]) {
        self.init(passwordDatabases: databases.map { .init($0) })
    }

    public init(passwordDatabases: [PasswordDatabaseChain.Link]) {
        self.passwordDatabases = passwordDatabases
    }

    /// What a protocol has in place of the same properties of ``AuthServerConfiguration``.
    public struct ProtocolLogins: Sendable {
        public var passwordDatabases: [PasswordDatabaseChain.Link]
        public var userDatabases: [UserDatabaseChain.Link]
        public var weakSchemes: WeakSchemePolicy
        public var unknownTargets: PasswordDatabaseChain.UnknownTargetPolicy
        public var usernames: UsernamePolicy
        public var failureDelay: Duration
        public var isVerbose: Bool
        public var passwordLogging: PasswordLogging
        public var realms: [String]
        public var anonymousUser: String?
        public var requiresClientCertificate: Bool
        public var takesCertificateName: Bool

        /// A protocol that has nothing of its own yet.
        public init(_ configuration: AuthServerConfiguration) {
            passwordDatabases = configuration.passwordDatabases
            userDatabases = configuration.userDatabases
            weakSchemes = configuration.weakSchemes
            unknownTargets = configuration.unknownTargets
            usernames = configuration.usernames
            failureDelay = configuration.failureDelay
            isVerbose = configuration.isVerbose
            passwordLogging = configuration.passwordLogging
            realms = configuration.realms
            anonymousUser = configuration.anonymousUser
            requiresClientCertificate = configuration.requiresClientCertificate
            takesCertificateName = configuration.takesCertificateName
        }

        var chain: PasswordDatabaseChain {
            PasswordDatabaseChain(links: passwordDatabases, weakSchemes: weakSchemes, unknownTargets: unknownTargets)
        }

        var lookupDatabases: UserDirectory.Databases {
            UserDirectory.Databases(
                users: UserDatabaseChain(links: userDatabases), passwords: chain, isVerbose: isVerbose)
        }

        var settings: LoginSettings {
            var settings = LoginSettings(
                usernames: usernames, hasMasters: chain.hasMasters, failureDelay: failureDelay, isVerbose: isVerbose)
            settings.realms = realms
            settings.anonymousUser = anonymousUser
            settings.requiresClientCertificate = requiresClientCertificate
            settings.takesCertificateName = takesCertificateName
            return settings
        }
    }

    var chain: PasswordDatabaseChain { ProtocolLogins(self).chain }

    /// What lookups on userdb and master sockets ask.
    var lookupDatabases: ProtocolTable<UserDirectory.Databases> {
        ProtocolTable(ProtocolLogins(self).lookupDatabases, own: protocols.mapValues(\.lookupDatabases))
    }

    /// The databases of single protocols.
    var protocolChains: [String: Authenticator.LoginChain] {
        protocols.mapValues { Authenticator.LoginChain($0.chain, isVerbose: $0.isVerbose, passwordLogging: $0.passwordLogging) }
    }

    func makeLoginCache() -> LoginCache? {
        var generator = SystemRandomNumberGenerator()
        return LoginCache(
            timeToLive: loginCacheTimeToLive, capacity: loginCacheSize, clock: { .now }, using: &generator)
    }

    /// Those that somebody could log in with.
    private var offeredMechanisms: MechanismRegistry {
        guard tokenValidator == nil else { return mechanisms }
        return MechanismRegistry(mechanisms.mechanisms.filter { $0.needs != .token })
    }

    /// What the connections of one socket have in common.
    func connectionSettings(
        _ temporaryFailure: TemporaryFailurePolicy, greeting: GreetingOrder = .atConnect, penalties: PenaltyTable? = nil
    ) -> ConnectionSettings {
        let (hostName, realms, decoys, tokenHints) =
            (hostName.isEmpty ? Self.systemName : hostName, realms, decoys, tokenHints)
        var settings = ConnectionSettings(mechanisms: offeredMechanisms, usernames: usernames) {
            var generator = SystemRandomNumberGenerator()
            return ExchangeContext(
                randomness: ExchangeRandomness(using: &generator), unixTime: Int64(time(nil)), hostName: hostName,
                realms: realms, decoys: decoys, tokenHints: tokenHints)
        }
        settings.anonymousUser = anonymousUser
        settings.requiresClientCertificate = requiresClientCertificate
        settings.takesCertificateName = takesCertificateName
        settings.refusesNoLogin = refusesNoLogin
        settings.failureDelay = failureDelay
        settings.requestDeadline = requestDeadline
        settings.exchangeTimeout = exchangeTimeout
        settings.handshakeTimeout = handshakeTimeout
        settings.maximumRequestsInFlight = maximumRequestsInFlight
        settings.temporaryFailure = temporaryFailure
        settings.greeting = greeting
        settings.internalFailureDelay = internalFailureDelay
        settings.penalties = usesPenalty ? penalties : nil
        settings.isVerbose = isVerbose
        settings.hasMasters = chain.hasMasters
        settings.protocols = ProtocolTable(nil, own: protocols.mapValues(\.settings))
        return settings
    }

    func masterSettings(_ kind: MasterConnectionSettings.Kind) -> MasterConnectionSettings {
        var settings = MasterConnectionSettings(kind: kind, usernames: usernames)
        settings.lookupDeadline = requestDeadline
        settings.handshakeTimeout = handshakeTimeout
        settings.maximumLookupsInFlight = maximumRequestsInFlight
        settings.isVerbose = isVerbose
        settings.protocols = ProtocolTable(nil, own: protocols.mapValues(\.settings))
        return settings
    }

    private static let systemName: String = {
        var name = [CChar](repeating: 0, count: 256)
        // gethostname writes at most what it is told, and the last byte stays 0.
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()
}
