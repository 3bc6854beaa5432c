public import AuthDatabases
public import SASLMechanisms

/// What all connections of a listener have in common.
public struct ConnectionSettings: Sendable {
    /// The mechanisms on offer.
    public var mechanisms: MechanismRegistry
    /// Which names may log in, and how they are spelled for the databases.
    public var usernames: UsernamePolicy
    /// Whether there are databases of master users.
    public var hasMasters = false
    /// What single protocols have of their own.
    public var protocols = ProtocolTable<LoginSettings?>(nil)
    /// How long after its arrival a failing request is answered, at the earliest (`auth_failure_delay`).
    public var failureDelay: Duration = .seconds(2)
    /// How long after its arrival a request that can't be decided is answered, at the earliest, and half as long again
    /// at most (`auth_internal_failure_delay`).
    public var internalFailureDelay: Duration = .seconds(2)
    /// The addresses that have to wait because logins from there failed; nil to let nobody wait.
    public var penalties: PenaltyTable?
    /// What a client hears before it has said its VERSION.
    public var greeting = GreetingOrder.atConnect
    /// When a request that has no answer yet ends as a temporary failure: Postfix waits for 10 seconds.
    public var requestDeadline: Duration = .seconds(8)
    /// How long an exchange waits for the mail client's next response, as in Dovecot.
    public var exchangeTimeout: Duration = .seconds(150)
    /// How long a new connection may take to say VERSION and CPID; Dovecot waits for ever.
    public var handshakeTimeout: Duration = .seconds(30)
    /// How many requests of one connection may wait for this server, and how many for their mail clients.
    public var maximumRequestsInFlight = 200
    /// How an internal failure is told.
    public var temporaryFailure = TemporaryFailurePolicy.automatic
    /// Whether failed logins are logged (`auth_verbose`).
    public var isVerbose = false
    /// As whom ANONYMOUS logs in (`auth_anonymous_username`); nil if nobody may.
    public var anonymousUser: String? = "anonymous"
    /// Whether the mail server must have verified a client's certificate (`auth_ssl_require_client_cert`).
    public var requiresClientCertificate = false
    /// Whether the name in a client's certificate is the one that logs in (`auth_ssl_username_from_cert`).
    public var takesCertificateName = false
    /// Whether a `nologin` field keeps the user out; for clients that would overlook it.
    public var refusesNoLogin = true
    /// Draws what an exchange may know of clock and chance; asked only for mechanisms that need it.
    public var exchangeContext: @Sendable () -> ExchangeContext
    /// Draws a number; asked for each failure, to tell failures in random order.
    public var chance: @Sendable () -> UInt64 = {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    public init(
        mechanisms: MechanismRegistry, usernames: UsernamePolicy,
        exchangeContext: @escaping @Sendable () -> ExchangeContext
    ) {
        self.mechanisms = mechanisms
        self.usernames = usernames
        self.exchangeContext = exchangeContext
    }
}

/// One for all connections of a listener, of which there may be one a login.
public final class SharedConnectionSettings: Sendable {
    let settings: ConnectionSettings
    /// For logins in which nothing is special; nil if there are none.
    package let directNames: DirectNames?

    public init(_ settings: ConnectionSettings) {
        self.settings = settings
        directNames = DirectNames(settings)
    }
}

/// When a server says what it has to offer.
public enum GreetingOrder: Sendable, Hashable {
    /// All of it at connect, before any input, as Dovecot 2.3: the only order that suits every client.
    ///
    /// Mechanisms with channel binding are left out, for the client may be one that can't deliver it.
    case atConnect
    /// VERSION at connect, and the rest after the client's VERSION, as Dovecot 2.4.
    case afterVersion
}

/// How a client learns of an internal failure.
public enum TemporaryFailurePolicy: Sendable, Hashable {
    /// By ``close`` if it speaks protocol 1.0 and waits for no other reply, else by ``reply``.
    ///
    /// Postfix speaks 1.0, has one request at a time, and takes every FAIL for a wrong password: only the end of the
    /// connection becomes a 454.
    case automatic
    /// The connection ends.
    case close
    /// `FAIL⇥id⇥code=temp_fail`.
    case reply
}
