internal import AuthDatabases

/// Words Dovecot's log lines about one lookup: `passwd-file(alice,192.0.2.1,<session>): unknown user`.
struct LookupLog: Sendable {
    private let query: UserQuery

    init(_ query: UserQuery) {
        self.query = query
    }

    func line(_ level: LogLine.Level, _ driver: String, _ user: String, _ text: String) -> LogLine {
        var line = driver + "(" + LogText.safe(user)
        if let address = query.remoteAddress { line += "," + address }
        if let session = query.sessionID, !session.isEmpty { line += ",<" + LogText.safe(session) + ">" }
        return LogLine(level, line + "): " + text)
    }
}
