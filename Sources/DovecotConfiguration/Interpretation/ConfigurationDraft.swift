/// The configuration while its settings come in, with what can only be settled at the end.
struct ConfigurationDraft: Sendable {
    var configuration = AuthConfiguration()
    var defaultClientLimit = 1000
    /// 0 for ``defaultClientLimit``.
    var clientLimit = 0
    var serviceUser: String?
    var listeners: [ListenerDraft] = []
    var passwordDatabases: [PasswordDatabaseDraft] = []
}
