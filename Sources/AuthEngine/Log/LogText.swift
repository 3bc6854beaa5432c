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

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: false
        default: true
        }
    }
}
