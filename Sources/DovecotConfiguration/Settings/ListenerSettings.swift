/// The settings of a `unix_listener` in `service auth`.
enum ListenerSettings {
    static let all: [Setting<ListenerDraft>] = [
        Setting(
            "mode", in: .listener, .mode, default: "0600", "Permission bits; 0 switches the socket off.",
            assign: { (root, text, _) throws(ValueError) in root.mode = try SettingValue.mode(text) }),
        Setting(
            "user", in: .listener, .text, default: "", "Owner of the socket file.",
            assign: { root, text, _ in root.user = text }),
        Setting(
            "group", in: .listener, .text, default: "", "Group of the socket file.",
            assign: { root, text, _ in root.group = text }),
        Setting(
            "type", in: .listener, .choice(kinds.map(\.name)), default: "",
            "What is spoken there; without it the name decides (2.3) or it is auth (2.4).",
            assign: { (root, text, _) throws(ValueError) in
                guard !text.isEmpty else { return root.kind = nil }
                guard let kind = kinds.first(where: { $0.name == text })?.kind else {
                    throw ValueError(
                        "\"\(text.shortened)\" is not one of \(kinds.map(\.name).joined(separator: ", "))")
                }
                root.kind = kind
            }),
        Setting(
            "gatepost_temporary_failure", in: .listener,
            .choice(UnixListener.TemporaryFailure.allCases.map(\.rawValue)), default: "auto",
            "How a temporary failure is told: close the connection, reply, or auto.",
            assign: { (root, text, _) throws(ValueError) in
                guard let choice = UnixListener.TemporaryFailure(rawValue: text) else {
                    throw ValueError("\"\(text.shortened)\" is not one of auto, close, reply")
                }
                root.temporaryFailure = choice
            }),
        .choice(
            "gatepost_greeting", in: .listener, \.greeting, default: .connect,
            "When the greeting is sent: all at connect, or after the client's version as in 2.4."),
        Setting(
            "path", in: .listener, .text, default: "", "Path of the socket, if it is not the section's name.",
            assign: { root, text, _ in root.path = text.isEmpty ? nil : text }),
    ]

    /// `auth-legacy` differs from `auth` only in the order of the greeting, and Gatepost sends the one that suits all.
    static let kinds: [(name: String, kind: UnixListener.Kind)] = [
        ("auth", .client), ("auth-legacy", .client), ("login", .login), ("master", .master), ("userdb", .userdb),
        ("token", .token), ("token-login", .token),
    ]
}
