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
            mayBeZero: false, "Most time that an exchange waits for its client."),
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
        .boolean(
            "gatepost_penalty", in: .global, \.usesOwnPenalty, default: true,
            "Addresses with failed logins wait before their next one, as long as Dovecot lets them."),
        .count(
            "gatepost_hash_threads", in: .global, \.configuration.hashThreads, default: 0,
            "Threads that verify costly hashes; 0 for one per core."),
        .count(
            "gatepost_hash_queue_limit", in: .global, \.configuration.hashQueueLimit, default: 1000, minimum: 1,
            "Most verifications that may wait for a thread."),
    ]
}
