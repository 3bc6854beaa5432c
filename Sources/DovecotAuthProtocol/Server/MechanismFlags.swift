/// What a client needs to know of a mechanism to decide whether to offer it, as given in MECH lines.
///
/// Postfix's `noplaintext`, `nodictionary`, `noactive`, `noanonymous`, `forward_secrecy` and `mutual_auth` look at them.
public struct MechanismFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Not to be offered to mail clients.
    public static let isPrivate = MechanismFlags(rawValue: 1 << 0)
    public static let anonymous = MechanismFlags(rawValue: 1 << 1)
    /// The password itself is transmitted.
    public static let plaintext = MechanismFlags(rawValue: 1 << 2)
    /// A listener can try passwords offline.
    public static let dictionary = MechanismFlags(rawValue: 1 << 3)
    /// An active attacker can take the session over.
    public static let active = MechanismFlags(rawValue: 1 << 4)
    public static let forwardSecrecy = MechanismFlags(rawValue: 1 << 5)
    /// The server proves itself to the client.
    public static let mutualAuthentication = MechanismFlags(rawValue: 1 << 6)
    public static let channelBinding = MechanismFlags(rawValue: 1 << 7)

    /// In Dovecot's order.
    private static let names: [(flag: MechanismFlags, word: String)] = [
        (.isPrivate, "private"), (.anonymous, "anonymous"), (.plaintext, "plaintext"), (.dictionary, "dictionary"),
        (.active, "active"), (.forwardSecrecy, "forward-secrecy"), (.mutualAuthentication, "mutual-auth"),
        (.channelBinding, "channel-binding"),
    ]

    /// The words of a MECH line, in Dovecot's order.
    public var words: [String] {
        Self.names.filter { contains($0.flag) }.map(\.word)
    }

    /// The flags that the words of a MECH line stand for; unknown words are ignored.
    public init(words: some Sequence<String>) {
        var flags: MechanismFlags = []
        for word in words {
            if let known = Self.names.first(where: { $0.word == word }) { flags.insert(known.flag) }
        }
        self = flags
    }
}
