extension SettingTable {
    static let logs: [Setting<ConfigurationDraft>] = [
        .text(
            "log_path", in: .global, \.configuration.logPath, default: "syslog", "Log file, or syslog.",
            check: { (text) throws(ValueError) in try text.isEmpty ? "syslog" : logPath(text) }),
        .text(
            "info_log_path", in: .global, \.configuration.infoLogPath, default: "", "Log file for informational lines.",
            check: logPath),
        .text(
            "debug_log_path", in: .global, \.configuration.debugLogPath, default: "", "Log file for debug lines.",
            check: logPath),
        .text(
            "log_timestamp", in: .global, \.configuration.logTimestamp, default: "%b %d %H:%M:%S ",
            "strftime format at the start of each line of a log file."),
        .text(
            "syslog_facility", in: .global, \.configuration.syslogFacility, default: "mail", "Facility for syslog.",
            check: { (text) throws(ValueError) in
                let facility = text.lowercased()
                guard facilities.contains(facility) else {
                    throw ValueError("\"\(text.shortened)\" is not a facility; use mail, auth, daemon, local0 …")
                }
                return facility
            }),
        .ineffective(
            "log_debug", in: .global,
            "there are no events to filter: auth_debug = yes logs the conversation with mail servers",
            "Events for the debug log."),
    ]

    private static let facilities: Set<String> = [
        "auth", "authpriv", "cron", "daemon", "ftp", "kern", "lpr", "mail", "news", "syslog", "user", "uucp", "local0",
        "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ]

    private static func logPath(_ text: String) throws(ValueError) -> String {
        guard text.isEmpty || text == "syslog" || text.hasPrefix("/") else {
            throw ValueError("\"\(text.shortened)\" is neither syslog nor a path that begins with /")
        }
        return text
    }
}
