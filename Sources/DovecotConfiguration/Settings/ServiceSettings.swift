/// The settings of `service auth`.
enum ServiceSettings {
    static let all: [Setting<ConfigurationDraft>] = [
        Setting(
            "client_limit", in: .service, .count, default: "0",
            "Most connections at once over all sockets; 0 for default_client_limit.",
            assign: { (root, text, dialect) throws(ValueError) in
                root.clientLimit = try SettingValue.count(text, dialect: dialect)
            },
            print: { root, _ in String(root.configuration.clientLimit) }),
        Setting(
            "user", in: .service, .text, default: "$default_internal_user", "Account that the service runs as.",
            assign: { root, text, _ in root.serviceUser = text.isEmpty ? "root" : text },
            print: { root, _ in
                let configuration = root.configuration
                return configuration.serviceUser == configuration.defaultInternalUser ? nil : configuration.serviceUser
            }),
        Setting(
            "group", in: .service, .text, default: "", "Group that the service runs as.",
            assign: { root, text, _ in root.configuration.serviceGroup = text.isEmpty ? nil : text },
            print: { root, _ in root.configuration.serviceGroup ?? "" }),
        Setting(
            "extra_groups", in: .service, .list, default: "", "Further groups of the service.",
            assign: { root, text, _ in root.configuration.extraGroups = SettingValue.list(text) },
            print: { root, _ in root.configuration.extraGroups.joined(separator: ",") }),
        .refused(
            "privileged_group", in: .service, .text, default: "", "Gatepost keeps no privileges to go back to",
            "Group that the service may return to."),
        .refused(
            "chroot", in: .service, .text, default: "", "Gatepost needs the files of its passdbs",
            "Directory that becomes the root."),
        .foreign("drop_priv_before_exec", in: .service, "When privileges are dropped."),
        .foreign("executable", in: .service, "Program of the service."),
        .foreign("idle_kill", new: "idle_kill_interval", in: .service, "End idle processes after this time."),
        .foreign("name", in: .service, "Name of the service."),
        .foreign("process_limit", in: .service, "Most processes; Gatepost is one."),
        .foreign("process_min_avail", in: .service, "Fewest processes; Gatepost is one."),
        .foreign("protocol", in: .service, "Protocol that switches the service on."),
        .foreign("service_count", new: "restart_request_count", in: .service, "Connections before a restart."),
        .foreign("type", in: .service, "Kind of service."),
        .foreign("vsz_limit", in: .service, "Most memory of a process; use systemd's MemoryMax."),
    ]
}
