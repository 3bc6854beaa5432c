public import AuthDatabases

/// What a protocol may have of its own (`protocol smtp { … }`).
public struct LoginSettings: Sendable {
    /// Which names may log in, and how they are spelled for the databases.
    public var usernames: UsernamePolicy
    /// Whether there are databases of master users.
    public var hasMasters: Bool
    /// How long after its arrival a failing request is answered, at the earliest (`auth_failure_delay`).
    public var failureDelay: Duration
    /// Whether failed logins are logged (`auth_verbose`).
    public var isVerbose: Bool
    /// The realms that DIGEST-MD5 offers (`auth_realms`).
    public var realms: [String] = []
    /// As whom ANONYMOUS logs in (`auth_anonymous_username`); nil if nobody may.
    public var anonymousUser: String? = "anonymous"
    /// Whether the mail server must have verified a client's certificate (`auth_ssl_require_client_cert`).
    public var requiresClientCertificate = false
    /// Whether the name in a client's certificate is the one that logs in (`auth_ssl_username_from_cert`).
    public var takesCertificateName = false

    public init(usernames: UsernamePolicy, hasMasters: Bool, failureDelay: Duration, isVerbose: Bool) {
        self.usernames = usernames
        self.hasMasters = hasMasters
        self.failureDelay = failureDelay
        self.isVerbose = isVerbose
    }
}

// Of the class, so that asking copies no settings.
extension SharedConnectionSettings {
    /// What a protocol has of its own; nil for nearly all, which costs them nothing.
    func own(_ service: String) -> LoginSettings? {
        settings.protocols.isUniform ? nil : settings.protocols[service]
    }

    func failureDelay(_ service: String) -> Duration { own(service)?.failureDelay ?? settings.failureDelay }
    func isVerbose(_ service: String) -> Bool { own(service)?.isVerbose ?? settings.isVerbose }

    func anonymousUser(_ service: String) -> String? {
        guard let own = own(service) else { return settings.anonymousUser }
        return own.anonymousUser
    }

    func requiresClientCertificate(_ service: String) -> Bool {
        own(service)?.requiresClientCertificate ?? settings.requiresClientCertificate
    }

    func takesCertificateName(_ service: String) -> Bool {
        own(service)?.takesCertificateName ?? settings.takesCertificateName
    }
}
