/// The configuration while its settings come in, with what can only be settled at the end.
struct ConfigurationDraft: Sendable {
    var configuration = AuthConfiguration()
    var defaultClientLimit = 1000
    /// 0 for ``defaultClientLimit``.
    var clientLimit = 0
    /// The files say where relative sockets are.
    var namesBaseDirectory = false
    var serviceUser: String?
    var listeners: [ListenerDraft] = []
    /// In the order of the files; those of protocol sections come before them when all is read.
    var databases: [DatabaseDraft] = []
    var protocolDatabases: [DatabaseDraft] = []
    var usesOwnPenalty = true
    /// Dovecot's off switch: the socket of its penalties has mode 0.
    var usesDovecotPenalty = true

    init() {}

    /// What the printer looks at.
    init(_ configuration: AuthConfiguration) {
        self.configuration = configuration
        usesOwnPenalty = configuration.usesPenalty
    }
}
