/// What a message may take; Dovecot 2.4 has the same limits.
enum MessageLimits {
    /// Bytes of an authcid or authzid.
    static let name = 1024
    /// Bytes of a message.
    static let message = 64 * 1024
    /// Bytes of a client's nonce; Dovecot has no limit of its own, and no client sends more than a few dozen.
    static let nonce = 1024
}
