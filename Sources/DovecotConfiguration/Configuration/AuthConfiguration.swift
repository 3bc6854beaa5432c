/// Everything that a configuration file says about the auth service, typed and complete.
///
/// Each value that the files leave out has its default here. ``AuthConfiguration/load(path:files:)`` makes one from
/// files; ``ConfigurationPrinter`` turns one into text again.
public struct AuthConfiguration: Sendable, Equatable {
    /// Words and rules of the files, which ``ConfigurationPrinter`` uses again.
    public var dialect: ConfigurationDialect = .dovecot23

    // MARK: Logins

    /// Mechanisms to offer, upper-case, in the order of the file (`auth_mechanisms`); never empty.
    public var mechanisms: [String] = ["PLAIN"]

    /// Characters that a login name may hold, as one byte each (`auth_username_chars`); empty allows all.
    public var usernameCharacters: String = Self.defaultUsernameCharacters

    /// Pairs of bytes, from and to, applied to a name before its characters are checked (`auth_username_translation`).
    public var usernameTranslation: String = ""

    /// Template that makes the final name from the given one (`auth_username_format`); empty leaves it alone.
    public var usernameFormat: TemplateText = TemplateText(text: "%Lu", syntax: .dovecot23)

    /// Domain added to names without `@` (`auth_default_realm`, 2.4 `auth_default_domain`); empty adds none.
    public var defaultRealm: String = ""

    /// Realms that DIGEST-MD5 offers (`auth_realms`).
    public var realms: [String] = []

    /// Name of anonymous logins (`auth_anonymous_username`); empty for none.
    public var anonymousUsername: String = "anonymous"

    /// Only clients whose certificate the mail server has verified may log in (`auth_ssl_require_client_cert`).
    public var requiresClientCertificate: Bool = false

    /// The name in the client's certificate is the one that logs in (`auth_ssl_username_from_cert`).
    public var takesUsernameFromCertificate: Bool = false

    /// Dovecot's login processes allow plaintext passwords without TLS (2.3 `disable_plaintext_auth = no`, 2.4
    /// `auth_allow_cleartext`). Dovecot's auth service does not look at it, nor does Gatepost: it is here for
    /// ``ConfigurationPrinter``.
    public var allowsCleartext: Bool = false

    /// What the files say on weak schemes (`auth_allow_weak_schemes`), if they do.
    var allowsWeakSchemesIfSet: Bool?

    /// Passwords stored in weak schemes are accepted: unless the files say, in 2.3 they are and in 2.4 they aren't.
    public var allowsWeakSchemes: Bool { allowsWeakSchemesIfSet ?? (dialect == .dovecot23) }

    /// How long a refusal waits before it is sent (`auth_failure_delay`); whole seconds, zero for at once.
    public var failureDelay: Duration = .seconds(2)

    /// How long a temporary failure waits before it is told, up to half as much more added by chance
    /// (`auth_internal_failure_delay`); zero for at once.
    public var internalFailureDelay: Duration = .seconds(2)

    /// Addresses with failed logins wait before their next one: off by `gatepost_penalty = no`, or where the file
    /// switches Dovecot's own off by `service anvil { unix_listener anvil-auth-penalty { mode = 0 } }`.
    public var usesPenalty: Bool = true

    /// Bytes of which the first parts a user's name from a master user's (`auth_master_user_separator`); empty for none.
    public var masterUserSeparator: String = ""

    /// Password databases in the order they are asked, master databases among them.
    public var passwordDatabases: [PasswordDatabaseSettings] = []

    /// User databases in the order they are asked.
    public var userDatabases: [UserDatabaseSettings] = []

    /// What `protocol NAME { … }` sections change, in the order of their first appearance;
    /// ``configuration(forProtocol:)`` finds what is in force.
    public var protocols: [ProtocolConfiguration] = []

    /// Least id of the accounts that a `userdb passwd` lists (`first_valid_uid`).
    public var firstValidUserID: Int = 500

    /// Greatest id of the accounts that a `userdb passwd` lists (`last_valid_uid`); 0 for any.
    public var lastValidUserID: Int = 0

    /// Least id of the groups whose accounts a `userdb passwd` lists (`first_valid_gid`).
    public var firstValidGroupID: Int = 1

    /// Greatest id of the groups whose accounts a `userdb passwd` lists (`last_valid_gid`); 0 for any.
    public var lastValidGroupID: Int = 0

    // MARK: Caches

    /// Bytes for remembered answers of databases (`auth_cache_size`); 0 for none.
    public var cacheSize: UInt64 = 0

    /// How long a good answer is remembered (`auth_cache_ttl`); whole seconds.
    public var cacheTTL: Duration = .seconds(3600)

    /// How long unknown users and wrong passwords are remembered (`auth_cache_negative_ttl`); whole seconds, zero for
    /// not at all.
    public var cacheNegativeTTL: Duration = .seconds(3600)

    /// Passwords are checked against remembered hashes in a worker
    /// (`auth_cache_verify_password_with_worker`).
    public var cacheVerifiesInWorker: Bool = false

    /// How long a password that was good is known to be, so that its costly hash is not computed again
    /// (`gatepost_login_cache_ttl`); zero for off.
    public var loginCacheTTL: Duration = .zero

    /// Most logins remembered that way (`gatepost_login_cache_size`), at least 1.
    public var loginCacheSize: Int = 100_000

    // MARK: Logging

    /// Failed logins are logged (`auth_verbose`, or implied by `auth_debug`).
    public var verbose: Bool = false

    /// How the password of a failed login is logged (`auth_verbose_passwords`).
    public var verbosePasswords = PasswordLogging()

    /// The whole conversation is logged, passwords hidden (`auth_debug`, or implied by `auth_debug_passwords`).
    public var debug: Bool = false

    /// Passwords appear in the debug log (`auth_debug_passwords`).
    public var debugPasswords: Bool = false

    /// Where errors and warnings go: `syslog`, or a file's absolute path (`log_path`).
    public var logPath: String = "syslog"

    /// Where informational lines go (`info_log_path`); empty for the place of ``logPath``.
    public var infoLogPath: String = ""

    /// Where debug lines go (`debug_log_path`); empty for the place of the informational lines.
    public var debugLogPath: String = ""

    /// Facility name for syslog, in lower case without `LOG_` (`syslog_facility`).
    public var syslogFacility: String = "mail"

    /// `strftime` format that starts each line of a log file, trailing space included (`log_timestamp`).
    public var logTimestamp: String = "%b %d %H:%M:%S "

    // MARK: Process

    /// Directory of relative socket paths (`base_dir`), absolute, without a slash at its end.
    public var baseDirectory: String = "/run/gatepost"

    /// Account that owns what Dovecot gives to its internal user (`default_internal_user`).
    public var defaultInternalUser: String = Self.defaultAccount

    /// Account that the service runs as (`service auth { user }`), a name; `default_internal_user` if not set.
    public var serviceUser: String = Self.defaultAccount

    /// Group that the service runs as (`service auth { group }`), a name; `nil` for the primary group of the account.
    public var serviceGroup: String?

    /// Further groups of the service (`service auth { extra_groups }`), as names.
    public var extraGroups: [String] = []

    /// Most connections at once over all sockets (`service auth { client_limit }`), at least 1.
    public var clientLimit: Int = 1000

    /// Sockets named in `service auth`, sorted by name as `doveconf` prints them,
    /// without those switched off by `mode = 0`.
    public var listeners: [UnixListener] = []

    // MARK: Gatepost's own

    /// Most time from a request to its answer, delay counted in (`gatepost_request_deadline`).
    public var requestDeadline: Duration = .seconds(8)

    /// Most time from connecting to the end of the handshake (`gatepost_handshake_timeout`); zero for no limit.
    public var handshakeTimeout: Duration = .seconds(30)

    /// Most time that an exchange waits for its client (`gatepost_exchange_timeout`).
    public var exchangeTimeout: Duration = .seconds(150)

    /// Most unanswered requests of one connection (`gatepost_max_requests_in_flight`), at least 1.
    public var maximumRequestsInFlight: Int = 200

    /// File that keeps the secret of which users that don't exist get their salts (`gatepost_secret_file`), an absolute
    /// path; empty for a new secret at each start.
    public var secretFile: String = ""

    /// Iterations of the SCRAM keys of users who don't exist, or whose passwords are stored in plain text
    /// (`gatepost_scram_iterations`), from 4096 on.
    public var scramIterations: Int = 4096

    /// Master users may log in as somebody whom no passdb knows (`gatepost_master_unknown_targets`).
    public var admitsUnknownTargets: Bool = false

    /// Users with `nologin` are kept out on mail servers' sockets (`gatepost_refuse_nologin`).
    public var refusesNoLogin: Bool = true

    /// Expired accounts and passwords of shadow are refused (`gatepost_shadow_expiry`).
    public var shadowExpires: Bool = true

    /// Threads that verify costly hashes (`gatepost_hash_threads`); 0 for one per core.
    public var hashThreads: Int = 0

    /// Most verifications that may wait for a thread (`gatepost_hash_queue_limit`), at least 1.
    public var hashQueueLimit: Int = 1000

    /// Most time that checking one stored hash may take (`gatepost_hash_time_limit`), by an estimate from its parameters.
    public var hashTimeLimit: Duration = .seconds(5)

    /// Most bytes of memory that checking one stored hash may take (`gatepost_hash_memory_limit`); 0 for any number.
    public var hashMemoryLimit: UInt64 = 1 << 30

    /// Dovecot's defaults, where Gatepost has none of its own.
    public init() {}

    /// Dovecot's default for `auth_username_chars`; the digits 0 and 1 appear twice there, too.
    public static let defaultUsernameCharacters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567890.-_@"

    /// Account used unless the files name one; Dovecot's is `dovecot`.
    public static let defaultAccount = "gatepost"
}
