/// The sockets that Dovecot's auth service has by itself; naming one in a file changes it, so its defaults count.
struct WellKnownListener {
    let name: String
    let mode: UInt32
    let belongsToInternalUser: Bool
    let kind: UnixListener.Kind

    /// `doveconf -d` 2.3.19, `service auth`.
    private static let all = [
        WellKnownListener(name: "auth-client", mode: 0o600, belongsToInternalUser: true, kind: .client),
        WellKnownListener(name: "auth-login", mode: 0o600, belongsToInternalUser: true, kind: .login),
        WellKnownListener(name: "auth-master", mode: 0o600, belongsToInternalUser: false, kind: .master),
        // 2.4 alone has this one.
        WellKnownListener(name: "auth-token", mode: 0o666, belongsToInternalUser: false, kind: .token),
        WellKnownListener(name: "auth-userdb", mode: 0o666, belongsToInternalUser: true, kind: .userdb),
        WellKnownListener(name: "login/login", mode: 0o666, belongsToInternalUser: false, kind: .login),
        WellKnownListener(name: "token-login/tokenlogin", mode: 0o666, belongsToInternalUser: false, kind: .token),
    ]

    static func named(_ path: String, baseDirectory: String) -> WellKnownListener? {
        all.first { "\(baseDirectory)/\($0.name)" == path }
    }

    /// Dovecot 2.3 goes by what follows the last `-` in the file name; 2.4 only by `type`.
    static func kind(
        of path: String, dialect: ConfigurationDialect, known: WellKnownListener?
    ) -> UnixListener.Kind {
        if let known { return known.kind }
        guard dialect == .dovecot23 else { return .client }
        let file = path.split(separator: "/").last ?? ""
        switch file.split(separator: "-", omittingEmptySubsequences: false).last ?? "" {
        case "login": return .login
        case "master": return .master
        case "userdb": return .userdb
        case "token", "tokenlogin": return .token
        default: return .client
        }
    }
}
