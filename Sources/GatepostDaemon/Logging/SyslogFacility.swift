/// A syslog facility by the name that `syslog_facility` has (RFC 5424 section 6.2.1).
enum SyslogFacility: Int, Sendable {
    case kern = 0, user, mail, daemon, auth, syslog, lpr, news, uucp, cron, authpriv, ftp
    case local0 = 16, local1, local2, local3, local4, local5, local6, local7

    init?(name: String) {
        let names: [String: SyslogFacility] = [
            "kern": .kern, "user": .user, "mail": .mail, "daemon": .daemon, "auth": .auth, "syslog": .syslog,
            "lpr": .lpr, "news": .news, "uucp": .uucp, "cron": .cron, "authpriv": .authpriv, "ftp": .ftp,
            "local0": .local0, "local1": .local1, "local2": .local2, "local3": .local3, "local4": .local4,
            "local5": .local5, "local6": .local6, "local7": .local7,
        ]
        guard let facility = names[name] else { return nil }
        self = facility
    }
}
