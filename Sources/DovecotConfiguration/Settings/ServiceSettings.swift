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
        .ineffective(
            "drop_priv_before_exec", in: .service, "privileges are always given up, as soon as the sockets are bound",
            "When privileges are dropped."),
        .ineffective("executable", in: .service, "Gatepost is the program", "Program of the service."),
        .ineffective(
            "idle_kill", new: "idle_kill_interval", in: .service, "the one process stays as long as the service",
            "End idle processes after this time."),
        .ineffective("name", in: .service, "the service is always called auth", "Name of the service."),
        .ineffective(
            "process_limit", in: .service, "Gatepost is one process that uses all processors",
            "Most processes, 1 in Dovecot."),
        .ineffective(
            "process_min_avail", in: .service, "Gatepost is one process that is always there", "Fewest processes."),
        .ineffective(
            "protocol", in: .service, "Gatepost serves nothing else", "Protocol that switches the service on."),
        .ineffective(
            "reuse_port", in: .service, "Gatepost listens only on Unix sockets", "Share network ports (2.4)."),
        .ineffective(
            "service_count", new: "restart_request_count", in: .service, "the one process serves all connections",
            "Connections before a restart."),
        .ineffective("type", in: .service, "Gatepost has one kind of service", "Kind of service."),
        .ineffective(
            "vsz_limit", in: .service, "systemd limits memory: set MemoryMax in the service's unit",
            "Most memory of a process."),
    ]
}
