/// What an entry's extra fields ask of a login, and what is left of them for the mail server.
struct EntryConditions {
    enum Judgement: Equatable {
        case allowed(user: String?, fields: [ExtraField])
        case notMet(String)
        /// The field is one that decides about logins in Dovecot, and that Gatepost doesn't have yet.
        case unsupported(String)
    }

    /// Ignoring one of these could let in somebody whom Dovecot keeps out.
    private static let unsupported: Set<String> = [
        "allow_real_nets", "delay_until", "noauthenticate", "login_user", "password", "password_noscheme",
        "passdb_import", "check_client_fp", "check_client_cert_fp", "check_client_pubkey_fp", "username", "domain",
    ]

    /// Whether any password will do.
    static func allowsAnyPassword(_ fields: [ExtraField]) -> Bool {
        fields.contains { $0.name == "nopassword" }
    }

    /// Judges an entry whose password is right.
    static func judge(_ fields: [ExtraField], _ query: UserQuery) -> Judgement {
        var user: String?
        var visible: [ExtraField] = []
        for field in fields {
            switch field.name {
            case "nopassword":
                continue
            case "user":
                user = field.value
            case "fail":
                return .notMet("fail: " + (field.value ?? "the entry says so"))
            case "allow_nets":
                guard AllowedNetworks(field.value ?? "").contain(query.remoteAddress) else {
                    return .notMet(
                        query.remoteAddress.map { "allow_nets check failed: IP \($0) not in allowed networks" }
                            ?? "allow_nets check failed: Remote IP not known and 'local' missing")
                }
            case let name where unsupported.contains(name) || name.hasSuffix(":default") || name.hasSuffix(":protected")
                || name.hasSuffix(":remove"):
                return .unsupported(name)
            case let name where name.hasPrefix("userdb_") || name.hasPrefix("event_"):
                continue
            default:
                visible.append(field)
            }
        }
        return .allowed(user: user, fields: visible)
    }
}
