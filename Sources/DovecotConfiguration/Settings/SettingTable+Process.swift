extension SettingTable {
    static let process: [Setting<ConfigurationDraft>] = [
        Setting(
            "base_dir", in: .global, .text, default: "/run/gatepost", "Directory of relative socket paths.",
            assign: { (root, text, _) throws(ValueError) in
                guard text.hasPrefix("/") else { throw ValueError("\"\(text.shortened)\" must begin with /") }
                root.configuration.baseDirectory = ConfigurationPath.withoutTrailingSlashes(text)
                root.namesBaseDirectory = true
            },
            print: { root, _ in root.configuration.baseDirectory }),
        .text(
            "default_internal_user", in: .global, \.configuration.defaultInternalUser,
            default: AuthConfiguration.defaultAccount, "Account that the service runs as.",
            check: { (text) throws(ValueError) in
                guard !text.isEmpty else { throw ValueError("name an account") }
                return text
            }),
        .count(
            "first_valid_uid", in: .global, \.configuration.firstValidUserID, default: 500,
            "Least id of the accounts that a userdb passwd lists."),
        .count(
            "last_valid_uid", in: .global, \.configuration.lastValidUserID, default: 0,
            "Greatest id of the accounts that a userdb passwd lists; 0 for any."),
        .count(
            "first_valid_gid", in: .global, \.configuration.firstValidGroupID, default: 1,
            "Least id of the groups whose accounts a userdb passwd lists."),
        .count(
            "last_valid_gid", in: .global, \.configuration.lastValidGroupID, default: 0,
            "Greatest id of the groups whose accounts a userdb passwd lists; 0 for any."),
        Setting(
            "default_client_limit", in: .global, .count, default: "1000", "Most connections where client_limit is 0.",
            assign: { (root, text, dialect) throws(ValueError) in
                let limit = try SettingValue.count(text, dialect: dialect)
                guard limit > 0 else { throw ValueError("must be at least 1") }
                root.defaultClientLimit = limit
            },
            print: { root, _ in String(root.defaultClientLimit) }),
        .ineffective(
            "auth_worker_max_count", in: .global,
            "threads do the workers' work: gatepost_hash_threads says how many verify costly hashes",
            "Most worker processes."),
        .ineffective(
            "auth_stats", in: .global, "Dovecot's statistics go to its own stats service, which is not here",
            "Statistics of Dovecot's own kind."),
        .ineffective(
            "auth_socket_path", in: .global, "only Dovecot's other services connect to it",
            "Socket that other services use to find users."),
        .ineffective(
            "auth_master_socket_path", in: .global, "only Dovecot's other services connect to it",
            "Socket that other services use to find users (2.4)."),
        Setting(
            "disable_plaintext_auth", new: "auth_allow_cleartext", in: .global, .boolean, default: "yes",
            "Whether login processes refuse (2.4: allow) plaintext without TLS.",
            status: .ineffective(
                "mail servers decide whether passwords may come without TLS (Postfix: smtpd_tls_auth_only = yes)"),
            assign: { (root, text, dialect) throws(ValueError) in
                // The two names mean the opposite of each other.
                root.configuration.allowsCleartext = try SettingValue.boolean(text) == (dialect == .dovecot24)
            },
            print: { root, dialect in
                SettingValue.text(root.configuration.allowsCleartext == (dialect == .dovecot24))
            }),
    ]
}
