extension SettingTable {
    static let process: [Setting<ConfigurationDraft>] = [
        .text(
            "base_dir", in: .global, \.configuration.baseDirectory, default: "/run/gatepost",
            "Directory of relative socket paths.",
            check: { (text) throws(ValueError) in
                guard text.hasPrefix("/") else { throw ValueError("\"\(text.shortened)\" must begin with /") }
                return ConfigurationPath.withoutTrailingSlashes(text)
            }),
        .text(
            "default_internal_user", in: .global, \.configuration.defaultInternalUser,
            default: AuthConfiguration.defaultAccount, "Account that the service runs as.",
            check: { (text) throws(ValueError) in
                guard !text.isEmpty else { throw ValueError("name an account") }
                return text
            }),
        Setting(
            "default_client_limit", in: .global, .count, default: "1000", "Most connections where client_limit is 0.",
            assign: { (root, text, dialect) throws(ValueError) in
                let limit = try SettingValue.count(text, dialect: dialect)
                guard limit > 0 else { throw ValueError("must be at least 1") }
                root.defaultClientLimit = limit
            },
            print: { root, _ in String(root.defaultClientLimit) }),
        .foreign("auth_worker_max_count", in: .global, "Most worker processes; Gatepost has gatepost_hash_threads."),
        .foreign("auth_stats", in: .global, "Statistics of Dovecot's own kind."),
        .foreign("auth_socket_path", in: .global, "Socket that other services use to find users."),
        .foreign("auth_master_socket_path", in: .global, "Socket that other services use to find users."),
        Setting(
            "disable_plaintext_auth", new: "auth_allow_cleartext", in: .global, .boolean, default: "yes",
            "Whether login processes refuse (2.4: allow) plaintext without TLS; a mail server has its own setting.",
            status: .foreign,
            assign: { (root, text, dialect) throws(ValueError) in
                // The two names mean the opposite of each other.
                root.configuration.allowsCleartext = try SettingValue.boolean(text) == (dialect == .dovecot24)
            },
            print: { root, dialect in
                SettingValue.text(root.configuration.allowsCleartext == (dialect == .dovecot24))
            }),
    ]
}
