extension SettingTable {
    static let own: [Setting<ConfigurationDraft>] = [
        .time(
            "gatepost_request_deadline", in: .global, \.configuration.requestDeadline,
            default: .seconds(8), milliseconds: true,
            mayBeZero: false, "Most time from a request to its answer, the failure delay counted in."),
        .time(
            "gatepost_handshake_timeout", in: .global, \.configuration.handshakeTimeout,
            default: .seconds(30), milliseconds: true,
            mayBeZero: true, "Most time from connecting to the end of the handshake; 0 for no limit."),
        .time(
            "gatepost_exchange_timeout", in: .global, \.configuration.exchangeTimeout,
            default: .seconds(150), milliseconds: true,
            mayBeZero: false, "Most time that an exchange waits for its client, and a login for its mail process."),
        .count(
            "gatepost_max_requests_in_flight", in: .global, \.configuration.maximumRequestsInFlight,
            default: 200, minimum: 1,
            "Most unanswered requests of one connection."),
        .text(
            "gatepost_secret_file", in: .global, \.configuration.secretFile, default: "",
            "File of the secret behind the salts of users who don't exist; made if missing, empty for a new one a start.",
            check: { (text) throws(ValueError) in
                guard text.isEmpty || text.hasPrefix("/") else {
                    throw ValueError("\"\(text.shortened)\" must begin with /")
                }
                return text
            }),
        Setting(
            "gatepost_scram_iterations", in: .global, .count, default: "4096",
            "Iterations that SCRAM shows for users who don't exist or have plain passwords; those of the stored records.",
            assign: { (root, text, dialect) throws(ValueError) in
                let count = try SettingValue.count(text, dialect: dialect)
                // RFC 7677, section 4, asks for no fewer; most clients won't do more.
                guard (4096...1_000_000).contains(count) else { throw ValueError("must be 4096 to 1000000") }
                root.configuration.scramIterations = count
            },
            print: { root, _ in "\(root.configuration.scramIterations)" }),
        .boolean(
            "gatepost_penalty", in: .global, \.usesOwnPenalty, default: true,
            "Addresses with failed logins wait before their next one, as long as Dovecot lets them."),
        .boolean(
            "gatepost_master_unknown_targets", in: .global, \.configuration.admitsUnknownTargets,
            "Master users may log in as somebody whom no passdb knows, as with Dovecot."),
        .boolean(
            "gatepost_refuse_nologin", in: .global, \.configuration.refusesNoLogin, default: true,
            "Users with nologin are kept out on mail servers' sockets; no only passes the field on, as Dovecot does."),
        .boolean(
            "gatepost_shadow_expiry", in: .global, \.configuration.shadowExpires, default: true,
            "Expired accounts and passwords of shadow are refused; no takes no notice of the dates, as Dovecot."),
        .count(
            "gatepost_hash_threads", in: .global, \.configuration.hashThreads, default: 0,
            "Threads that verify costly hashes; 0 for one per core."),
        .count(
            "gatepost_hash_queue_limit", in: .global, \.configuration.hashQueueLimit, default: 1000, minimum: 1,
            "Most verifications that may wait for a thread."),
        .time(
            "gatepost_hash_time_limit", in: .global, \.configuration.hashTimeLimit, default: .seconds(5),
            milliseconds: true, mayBeZero: false,
            "Most time that a stored hash may take to check, by its parameters; a costlier one lets nobody in."),
        Setting(
            "gatepost_hash_memory_limit", in: .global, .size, default: SettingValue.text(size: 1 << 30),
            "Most memory that a stored hash may take to check; 0 for no limit.",
            assign: { (root, text, _) throws(ValueError) in
                let size = try SettingValue.size(text)
                guard size == 0 || size >= 1 << 20 else { throw ValueError("must be 0, or at least 1 M") }
                root.configuration.hashMemoryLimit = size
            },
            print: { root, _ in SettingValue.text(size: root.configuration.hashMemoryLimit) }),
    ]
}
