/// Lengths that peers of this protocol rely on.
public enum ProtocolLimits {
    /// The longest line that either side accepts, in bytes, its LF included (Dovecot's `AUTH_CLIENT_MAX_LINE_LENGTH`).
    public static let longestLine = 16384

    /// The longest reply that every client can read, in bytes, its LF included: Exim's and mod_authn_dovecot's buffer.
    public static let longestReply = 8191

    /// How many parameters a reply may have after its id: Exim keeps sixteen fields of a line.
    public static let mostReplyParameters = 14

    /// The longest greeting that every client can read, in bytes: Radicale takes a single `recv(1024)`.
    public static let longestGreeting = 1023
}
