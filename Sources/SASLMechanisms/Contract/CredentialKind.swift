public import PasswordSchemes

/// What a challenge-response mechanism needs to know of a password.
public enum CredentialKind: Hashable, Sendable {
    /// SCRAM keys for this hash function.
    case scram(SCRAMHash)
    /// The HMAC-MD5 context of the password.
    case cramMD5
    /// MD5 of `user:realm:password`, with user and realm as the client sent them; not always UTF-8.
    ///
    /// A stored key has them built in, as the administrator gave them; one derived from a plain password takes these.
    case digestMD5(user: [UInt8], realm: [UInt8])
}
