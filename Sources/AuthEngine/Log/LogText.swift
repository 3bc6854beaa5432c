/// Makes text that a peer chose safe to stand in a log line.
public enum LogText {
    /// How much of a user name Dovecot shows.
    public static let longestName = 64

    /// `text` cut to `limit` characters, with `?` in place of control characters and everything that isn't ASCII text.
    ///
    /// A line break or an escape sequence in a name must not forge or hide a log line.
    public static func safe(_ text: String, limit: Int = longestName) -> String {
        var safe = ""
        for scalar in text.unicodeScalars.prefix(limit) {
            safe.unicodeScalars.append(isSafe(scalar) ? scalar : "?")
        }
        return text.unicodeScalars.count > limit ? safe + "..." : safe
    }

    /// A user's name or a session, as it stands between the brackets of a login's lines.
    ///
    /// Also without blanks, commas and brackets: programs that read the log, such as fail2ban, take what stands between
    /// commas for an address. Dovecot shows them, where `auth_username_chars` allows them.
    static func part(_ text: String) -> String {
        String(safe(text).map { $0.isWhitespace || ",()<>".contains($0) ? "?" : $0 })
    }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }
}
