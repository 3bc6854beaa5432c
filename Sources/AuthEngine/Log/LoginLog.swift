internal import AuthDatabases
internal import DovecotAuthProtocol

/// Words Dovecot's log lines about one login: `passwd-file(alice,192.0.2.1,<session>): Password mismatch`.
struct LoginLog: Sendable {
    let mechanism: String
    let remoteAddress: String?
    let session: String?

    init(_ request: AuthenticationRequest) {
        mechanism = request.mechanism
        remoteAddress = request.remoteAddress
        session = request.session
    }

    /// - Parameters:
    ///   - source: the passdb's driver, or the mechanism's name for what the mechanism itself found.
    ///   - user: nil if no name is known.
    ///   - isMaster: whether the user wants to log in as somebody else.
    func line(
        _ level: LogLine.Level, source: String, user: String?, isMaster: Bool = false, _ text: String
    ) -> LogLine {
        var line = source.lowercased() + "(" + (user.map { LogText.part($0) } ?? "?")
        if let remoteAddress { line += "," + remoteAddress }
        if isMaster { line += ",master" }
        if let session, !session.isEmpty { line += ",<" + LogText.part(session) + ">" }
        return LogLine(level, line + "): " + text)
    }

    /// What a passdb said.
    func line(_ level: LogLine.Level, _ record: ChainVerdict.Record, _ text: String) -> LogLine {
        line(level, source: record.driver, user: record.user, isMaster: record.isMaster, text)
    }

    /// What stands beside Dovecot's own lines of a failed login where Debian's fail2ban filter would overlook them: it
    /// knows no digits in a mechanism's name, and no words but "unknown user", "Password mismatch" and this.
    ///
    /// nil without an address, since there is nobody to ban.
    func failure(user: String?) -> LogLine? {
        guard remoteAddress != nil else { return nil }
        return line(
            .info, source: "sasl", user: user,
            "Invalid credentials (method=" + LogText.part(mechanism).uppercased() + ")")
    }

    /// Whether Debian's fail2ban filter (`/etc/fail2ban/filter.d/dovecot.conf`) takes a line for a failed login.
    static func isFailure(_ line: LogLine) -> Bool {
        let source = line.text.utf8.prefix { $0 != UInt8(ascii: "(") }
        guard
            (3...15).contains(source.count),
            source.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-") }),
            let end = line.text.firstRange(of: "): ")
        else { return false }
        let text = line.text[end.upperBound...]
        return text.hasPrefix("unknown user") || text.hasPrefix("Password mismatch")
    }
}
