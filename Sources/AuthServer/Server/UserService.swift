internal import AuthDatabases
internal import AuthEngine

/// What answers on userdb and master sockets, and outlives a reload.
final class UserService: Sendable {
    /// The logins that wait for mail processes.
    let logins = LoginRegistry()
    private let accounts = AccountLookups()
    private let lookups: BackgroundLookups

    init(_ lookups: BackgroundLookups) {
        self.lookups = lookups
    }

    func desk(_ configuration: AuthServerConfiguration) -> MasterDesk {
        MasterDesk(
            directory: UserDirectory(configuration.lookupDatabases, accounts: accounts),
            logins: logins, caches: configuration.caches, lookups: lookups)
    }
}

extension MasterConnectionSettings.Kind {
    /// Nil for a socket that speaks another protocol.
    init?(_ kind: AuthServer.Listener.Kind) {
        switch kind {
        case .client, .login: return nil
        case .userdb: self = .userdb
        case .master: self = .master
        }
    }
}
