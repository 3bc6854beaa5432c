/// What a mechanism protects from; a mail server decides by them whether to offer it.
///
/// In the order of Dovecot's MECH lines.
public struct SecurityProperties: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Not for mail clients.
    public static let isPrivate = SecurityProperties(rawValue: 1 << 0)
    /// Nobody is identified.
    public static let anonymous = SecurityProperties(rawValue: 1 << 1)
    /// The password itself, or a token as good as one, is transmitted.
    public static let plaintext = SecurityProperties(rawValue: 1 << 2)
    /// A listener can try passwords offline.
    public static let dictionary = SecurityProperties(rawValue: 1 << 3)
    /// An active attacker can take the session over.
    public static let active = SecurityProperties(rawValue: 1 << 4)
    /// Past sessions stay secret when a key becomes known.
    public static let forwardSecrecy = SecurityProperties(rawValue: 1 << 5)
    /// The server proves itself to the client.
    public static let mutualAuthentication = SecurityProperties(rawValue: 1 << 6)
    /// The exchange is bound to the TLS connection; announced only to clients of protocol 1.3 and later.
    public static let channelBinding = SecurityProperties(rawValue: 1 << 7)
}
