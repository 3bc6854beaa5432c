/// A variable of the login, by its name in 2.4.
enum TemplateVariable: String, Hashable, Sendable {
    case user, username, domain
    case domainFirst = "domain_first"
    case domainLast = "domain_last"
    case originalUser = "original_user"
    case authUser = "auth_user"
    case loginUser = "login_user"
    case masterUser = "master_user"
    case protocolName = "protocol"
    case mechanism, secured, cert, session
    case localName = "local_name"
    case clientID = "client_id"
    case clientPID = "client_pid"
    case localAddress = "local_ip"
    case remoteAddress = "remote_ip"
    case localPort = "local_port"
    case remotePort = "remote_port"
    case realLocalAddress = "real_local_ip"
    case realRemoteAddress = "real_remote_ip"
    case realLocalPort = "real_local_port"
    case realRemotePort = "real_remote_port"
    /// A user has no home yet when databases are asked; empty in Dovecot, too.
    case home

    /// What is not known is empty, but ports are 0, as in Dovecot.
    func value(_ query: UserQuery) -> String {
        switch self {
        case .user: query.user
        case .username: NameFilter.username.apply(to: query.user)
        case .domain: NameFilter.domain.apply(to: query.user)
        case .domainFirst: NameFilter.username.apply(to: NameFilter.domain.apply(to: query.user))
        case .domainLast: query.user.lastIndex(of: "@").map { String(query.user[$0...].dropFirst()) } ?? ""
        case .originalUser: query.originalUser
        case .authUser: query.masterUser ?? query.originalUser
        case .loginUser: query.loginUser ?? ""
        case .masterUser: query.masterUser ?? ""
        case .protocolName: query.service
        // Clients spell it as they like; Dovecot tells the registered name.
        case .mechanism: query.mechanism.uppercased()
        case .secured: query.security.rawValue
        case .cert: query.hasValidClientCertificate ? "valid" : ""
        case .session: query.sessionID ?? ""
        case .localName: query.localName ?? ""
        case .clientID: query.clientID ?? ""
        // Dovecot knows it only of its own login processes.
        case .clientPID: "0"
        case .localAddress: query.localAddress ?? ""
        case .remoteAddress: query.remoteAddress ?? ""
        case .localPort: String(query.localPort ?? 0)
        case .remotePort: String(query.remotePort ?? 0)
        case .realLocalAddress: query.realLocalAddress ?? query.localAddress ?? ""
        case .realRemoteAddress: query.realRemoteAddress ?? query.remoteAddress ?? ""
        case .realLocalPort: String(query.realLocalPort ?? query.localPort ?? 0)
        case .realRemotePort: String(query.realRemotePort ?? query.remotePort ?? 0)
        case .home: ""
        }
    }
}

/// Where a value comes from, in either language.
enum TemplateSource: Hashable, Sendable {
    case constant(String)
    /// A constant by its name in 2.4, where a template is only to be written again.
    case named(String)
    case variable(TemplateVariable, [NameFilter])
    /// A field that a database has given, and what stands for a missing one.
    case field(VariableTemplate.FieldOwner, String, fallback: String)

    func value(_ context: ExpansionContext) -> String {
        switch self {
        case .constant(let text): text
        case .named: ""
        case .variable(let variable, let filters):
            filters.reduce(variable.value(context.query)) { $1.apply(to: $0) }
        case .field(let owner, let name, let fallback): context.field(owner, name) ?? fallback
        }
    }

    /// Names that Dovecot has and Gatepost can't serve, with the reason.
    static func refusal(_ name: String) -> String? {
        switch name {
        case "password":
            "the password would be copied to where it is not wiped"
        case "id", "session_pid", "uid", "gid", "process:uid", "process:gid", "process:pid":
            "it is a number inside Dovecot's processes"
        case "ssl_ja3_hash":
            "it is not taken over from the client"
        default: nil
        }
    }
}
