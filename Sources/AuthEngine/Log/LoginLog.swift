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
        var line = source.lowercased() + "(" + (user.map { LogText.safe($0) } ?? "?")
        if let remoteAddress { line += "," + remoteAddress }
        if isMaster { line += ",master" }
        if let session, !session.isEmpty { line += ",<" + LogText.safe(session) + ">" }
        return LogLine(level, line + "): " + text)
    }

    /// What a passdb said.
    func line(_ level: LogLine.Level, _ record: ChainVerdict.Record, _ text: String) -> LogLine {
        line(level, source: record.driver, user: record.user, isMaster: record.isMaster, text)
    }

    /// A failed login of a passdb: Dovecot's line plus the mechanism, which Dovecot leaves out there.
    func refusal(_ record: ChainVerdict.Record, _ text: String) -> LogLine {
        line(.info, record, text + " (method=" + LogText.safe(mechanism).uppercased() + ")")
    }
}
