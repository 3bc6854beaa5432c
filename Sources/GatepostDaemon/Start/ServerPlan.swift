internal import AuthDatabases
internal import AuthEngine
internal import AuthServer
internal import DovecotConfiguration
internal import PasswordSchemes
internal import SASLMechanisms

/// A configuration turned into what the server is made of; nothing has happened yet.
struct ServerPlan {
    /// A socket to serve, and what is particular to it.
    struct Listener: Equatable {
        var address: ListeningSocket.Address
        var kind: AuthServer.Listener.Kind
        var temporaryFailure: TemporaryFailurePolicy
        var greeting: GreetingOrder
        /// Where its section begins.
        var location: SourceLocation
    }

    let listeners: [Listener]
    /// Where sockets with relative paths are.
    let baseDirectory: String
    let settings: AuthServerConfiguration
    /// All databases that the settings name.
    let databases: [any PasswordDatabase]
    /// All user databases, those of protocols as well.
    var userDatabases: [any UserDatabase] {
        (settings.userDatabases + settings.protocols.values.flatMap(\.userDatabases)).map(\.database)
    }
    /// Sentences on what is configured and not served.
    let notices: [String]

    /// - Parameters:
    ///   - places: where settings stand, for the notices.
    ///   - decoys: what users who don't exist get; nil for what nobody else has.
    ///   - pool: where databases wait for the system; nil to check the configuration only, without a thread.
    ///   - notify: gets what databases have to say to the admin.
    ///   - inform: gets what explains failed logins.
    /// - Throws: ``DaemonError`` for what the configuration asks for and can't be had.
    init(
        _ configuration: AuthConfiguration, places: [String: SourceLocation] = [:], decoys: DecoySecret? = nil,
        pool: BlockingPool?,
        notify: @escaping @Sendable (String) -> Void, inform: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(DaemonError) {
        var notices: [String] = []
        let listeners = try Self.listeners(configuration)
        guard !listeners.isEmpty else {
            throw DaemonError(
                inConfiguration: "no socket is configured; add one, for Postfix on Debian: "
                    + "service auth { unix_listener /var/spool/postfix/private/auth { mode = 0660 user = postfix "
                    + "group = postfix } } (each setting on its own line)")
        }
        guard !configuration.passwordDatabases.isEmpty else {
            throw DaemonError(
                inConfiguration: "no passdb is configured, so nobody could log in; add one, for example "
                    + "passdb { driver = passwd-file args = /etc/gatepost/users } (each setting on its own line)")
        }
        let pool = pool ?? BlockingPool(threads: 0)
        let cache = Self.answerCache(configuration)
        let isVerbose = configuration.verbose
        var tools = DatabaseTools(
            pool: pool, notify: notify,
            inform: { text in if isVerbose { inform(text) } }, cache: cache,
            shadowDates: configuration.shadowExpires ? .respected : .ignored)
        var settings = AuthServerConfiguration(
            passwordDatabases: try Self.passwordDatabases(configuration, &tools))
        if let cache { settings.caches.append(cache) }
        do throws(UnknownMechanism) {
            settings.mechanisms = try MechanismRegistry(names: configuration.mechanisms)
        } catch {
            throw DaemonError(inConfiguration: "auth_mechanisms: \(error)", setting: "auth_mechanisms")
        }
        try Self.check(settings.mechanisms, configuration, at: places["auth_mechanisms"], &notices)
        var userTools = UserDatabaseTools(beside: settings.passwordDatabases.map(\.database), tools)
        settings.userDatabases = try Self.userDatabases(configuration, &userTools)
        settings.unknownTargets = configuration.admitsUnknownTargets ? .allowed : .refused
        settings.refusesNoLogin = configuration.refusesNoLogin
        if let decoys { settings.decoys = decoys }
        settings.decoys.scramIterations = configuration.scramIterations
        settings.weakSchemes = configuration.allowsWeakSchemes ? .allowed : .refused
        settings.realms = configuration.realms
        settings.anonymousUser = configuration.anonymousUsername.isEmpty ? nil : configuration.anonymousUsername
        settings.requiresClientCertificate = configuration.requiresClientCertificate
        settings.takesCertificateName = configuration.takesUsernameFromCertificate
        settings.usernames = try Self.usernames(configuration)
        for own in configuration.protocols {
            var logins = AuthServerConfiguration.ProtocolLogins(settings)
            logins.passwordDatabases = try Self.passwordDatabases(own.configuration, &tools)
            logins.userDatabases = try Self.userDatabases(own.configuration, &userTools)
            logins.weakSchemes = own.configuration.allowsWeakSchemes ? .allowed : .refused
            logins.usernames = try Self.usernames(own.configuration)
            logins.failureDelay = own.configuration.failureDelay
            logins.isVerbose = own.configuration.verbose
            logins.passwordLogging = AuthEngine.PasswordLogging(own.configuration.verbosePasswords)
            logins.realms = own.configuration.realms
            logins.anonymousUser =
                own.configuration.anonymousUsername.isEmpty ? nil : own.configuration.anonymousUsername
            logins.requiresClientCertificate = own.configuration.requiresClientCertificate
            logins.takesCertificateName = own.configuration.takesUsernameFromCertificate
            settings.protocols[own.name] = logins
        }
        settings.failureDelay = configuration.failureDelay
        settings.internalFailureDelay = configuration.internalFailureDelay
        settings.usesPenalty = configuration.usesPenalty
        settings.requestDeadline = configuration.requestDeadline
        settings.exchangeTimeout = configuration.exchangeTimeout
        settings.handshakeTimeout = configuration.handshakeTimeout
        settings.maximumRequestsInFlight = configuration.maximumRequestsInFlight
        settings.maximumConnections = configuration.clientLimit
        settings.hashThreads = configuration.hashThreads
        settings.hashQueueLimit = configuration.hashQueueLimit
        settings.loginCacheTimeToLive = configuration.loginCacheTTL
        settings.loginCacheSize = configuration.loginCacheSize
        settings.hashingLimits = HashingLimits(
            time: configuration.hashTimeLimit,
            memory: configuration.hashMemoryLimit == 0 ? .max : Int(clamping: configuration.hashMemoryLimit))
        settings.isVerbose = configuration.verbose
        settings.passwordLogging = AuthEngine.PasswordLogging(configuration.verbosePasswords)
        settings.isDebug = configuration.debug
        settings.showsPasswords = configuration.debugPasswords
        self.listeners = listeners
        baseDirectory = configuration.baseDirectory
        self.settings = settings
        databases = tools.made.map(\.database)
        self.notices = notices
    }

    private static func usernames(_ configuration: AuthConfiguration) throws(DaemonError) -> UsernamePolicy {
        UsernamePolicy(
            characters: configuration.usernameCharacters, translation: configuration.usernameTranslation,
            defaultRealm: configuration.defaultRealm,
            format: try template(configuration.usernameFormat, "auth_username_format"),
            masterUserSeparator: configuration.masterUserSeparator)
    }

    /// Says what mechanisms could never succeed with this configuration.
    private static func check(
        _ mechanisms: MechanismRegistry, _ configuration: AuthConfiguration, at location: SourceLocation?,
        _ notices: inout [String]
    ) throws(DaemonError) {
        let place = location.map { "\($0): auth_mechanisms" } ?? "auth_mechanisms"
        for mechanism in mechanisms.mechanisms {
            if mechanism.bindsChannel, configuration.listeners.allSatisfy({ $0.greeting == .connect }) {
                notices.append(
                    "\(place): \(mechanism.name) is offered on no socket, for clients must say first that they "
                        + "can bind channels; set gatepost_greeting = version for sockets whose clients speak protocol "
                        + "1.3 (Dovecot 2.4), and for no others")
            }
            switch mechanism.needs {
            case .token:
                throw DaemonError(
                    inConfiguration: "auth_mechanisms: \(mechanism.name) needs something that judges tokens, which this "
                        + "server has not; leave it out", setting: "auth_mechanisms")
            case .certificate where !configuration.takesUsernameFromCertificate:
                notices.append(
                    "\(place): \(mechanism.name) lets nobody in without auth_ssl_username_from_cert = yes")
            case .credentials where configuration.passwordDatabases.allSatisfy({ $0.driver == .shadow }):
                notices.append(
                    "\(place): \(mechanism.name) lets nobody in, for shadow has hashes only; "
                        + "add a passwd-file with {SCRAM-SHA-256} or {PLAIN} passwords")
            default: break
            }
        }
        if configuration.secretFile.isEmpty, let salted = mechanisms.mechanisms.first(where: { $0.name.hasPrefix("SCRAM-") }) {
            notices.append(
                "gatepost_secret_file is not set: at each start \(salted.name) shows other salts for users who don't exist, "
                    + "by which they can be told from those with a stored record; name a file that outlives the server")
        }
    }
}

extension TemporaryFailurePolicy {
    init(_ setting: UnixListener.TemporaryFailure) {
        switch setting {
        case .automatic: self = .automatic
        case .close: self = .close
        case .reply: self = .reply
        }
    }
}

extension AuthEngine.PasswordLogging {
    init(_ setting: DovecotConfiguration.PasswordLogging) {
        let form: Form =
            switch setting.form {
            case .none: .nothing
            case .plain: .plain
            case .sha1: .sha1
            }
        self.init(form, length: setting.length)
    }
}
