/// What a mechanism protects from; a mail server decides by them whether to offer it.
public struct SecurityProperties: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The password itself is transmitted.
    public static let plaintext = SecurityProperties(rawValue: 1 << 0)
    /// A listener can try passwords offline.
    public static let dictionary = SecurityProperties(rawValue: 1 << 1)
    /// An active attacker can take the session over.
    public static let active = SecurityProperties(rawValue: 1 << 2)
    /// Nobody is identified.
    public static let anonymous = SecurityProperties(rawValue: 1 << 3)
    /// The server proves itself to the client.
    public static let mutualAuthentication = SecurityProperties(rawValue: 1 << 4)
}
