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

    public init(usernames: UsernamePolicy, hasMasters: Bool, failureDelay: Duration, isVerbose: Bool) {
        self.usernames = usernames
        self.hasMasters = hasMasters
        self.failureDelay = failureDelay
        self.isVerbose = isVerbose
    }
}

extension ConnectionSettings {
    /// What is in force for the requests of a protocol.
    func logins(_ service: String) -> LoginSettings {
        protocols[service]
            ?? LoginSettings(
                usernames: usernames, hasMasters: hasMasters, failureDelay: failureDelay, isVerbose: isVerbose)
    }

    func failureDelay(_ service: String) -> Duration { protocols[service]?.failureDelay ?? failureDelay }
    func isVerbose(_ service: String) -> Bool { protocols[service]?.isVerbose ?? isVerbose }
}
