public import AuthDatabases
public import SASLMechanisms

/// What all connections of a listener have in common.
public struct ConnectionSettings: Sendable {
    /// The mechanisms on offer.
    public var mechanisms: MechanismRegistry
    /// Which names may log in, and how they are spelled for the databases.
    public var usernames: UsernamePolicy
    /// How long after its arrival a failing request is answered, at the earliest (`auth_failure_delay`).
    public var failureDelay: Duration = .seconds(2)
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

    public init(mechanisms: MechanismRegistry, usernames: UsernamePolicy) {
        self.mechanisms = mechanisms
        self.usernames = usernames
    }
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
