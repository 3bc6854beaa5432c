extension SettingTable {
    static let caches: [Setting<ConfigurationDraft>] = [
        Setting(
            "auth_cache_size", in: .global, .size, default: "0",
            "Memory for remembered answers of databases; 0 for none. A passwd-file is held in memory anyway.",
            assign: { (root, text, dialect) throws(ValueError) in
                var size = try SettingValue.size(text)
                if (1..<1024).contains(size) {
                    // Long ago the unit was megabytes, and 2.3 still takes a small number without one for that.
                    guard dialect == .dovecot23, text.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else {
                        throw ValueError("must be 0, or at least 1024 bytes")
                    }
                    size <<= 20
                }
                root.configuration.cacheSize = size
            },
            print: { root, _ in SettingValue.text(size: root.configuration.cacheSize) }),
        .time(
            "auth_cache_ttl", in: .global, \.configuration.cacheTTL, default: .seconds(3600), milliseconds: false,
            mayBeZero: true, "How long a good answer is remembered."),
        .time(
            "auth_cache_negative_ttl", in: .global, \.configuration.cacheNegativeTTL, default: .seconds(3600),
            milliseconds: false, mayBeZero: true,
            "How long unknown users and wrong passwords are remembered; 0 for not at all."),
        Setting(
            "auth_cache_verify_password_with_worker", in: .global, .boolean, default: "no",
            "Check passwords against remembered hashes in a worker.",
            status: .ineffective("remembered hashes are always checked by threads of their own, as by workers with yes"),
            assign: { (root, text, _) throws(ValueError) in
                root.configuration.cacheVerifiesInWorker = try SettingValue.boolean(text)
            },
            print: { root, _ in SettingValue.text(root.configuration.cacheVerifiesInWorker) }),
        .time(
            "gatepost_login_cache_ttl", in: .global, \.configuration.loginCacheTTL, default: .zero, milliseconds: true,
            mayBeZero: true, "How long a good password need not be hashed again; 0 for off."),
        .count(
            "gatepost_login_cache_size", in: .global, \.configuration.loginCacheSize, default: 100_000, minimum: 1,
            "Most logins remembered that way."),
    ]
}
