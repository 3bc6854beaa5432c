extension SettingTable {
    static let caches: [Setting<ConfigurationDraft>] = [
        .size(
            // Dovecot takes a smaller number for one of megabytes, as it was long ago.
            "auth_cache_size", in: .global, \.configuration.cacheSize, default: 0, minimum: 1024,
            "Memory for remembered answers of databases; 0 for none. A passwd-file is held in memory anyway."),
        .time(
            "auth_cache_ttl", in: .global, \.configuration.cacheTTL, default: .seconds(3600), milliseconds: false,
            mayBeZero: true, "How long a good answer is remembered."),
        .time(
            "auth_cache_negative_ttl", in: .global, \.configuration.cacheNegativeTTL, default: .seconds(3600),
            milliseconds: false, mayBeZero: true,
            "How long unknown users and wrong passwords are remembered; 0 for not at all."),
        .boolean(
            "auth_cache_verify_password_with_worker", in: .global, \.configuration.cacheVerifiesInWorker,
            "Check passwords against remembered hashes in a worker."),
        .time(
            "gatepost_login_cache_ttl", in: .global, \.configuration.loginCacheTTL, default: .zero, milliseconds: true,
            mayBeZero: true, "How long a good password need not be hashed again; 0 for off."),
        .count(
            "gatepost_login_cache_size", in: .global, \.configuration.loginCacheSize, default: 100_000, minimum: 1,
            "Most logins remembered that way."),
    ]
}
