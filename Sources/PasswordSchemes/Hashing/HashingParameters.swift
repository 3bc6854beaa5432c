/// Choices for a new hash; what is nil is the scheme's default.
public struct HashingParameters: Sendable, Hashable {
    /// Cost, in the scheme's own unit, as `doveadm pw -r`: rounds of SHA256-CRYPT, SHA512-CRYPT, PBKDF2 and SCRAM,
    /// the logarithm of bcrypt's, the level 1 to 11 of yescrypt, passes of Argon2.
    public var rounds: Int?

    /// Memory of Argon2 in KiB.
    public var memory: Int?

    /// The salt, for repeatable results; for text schemes the characters themselves. Random bytes unless given.
    public var salt: [UInt8]?

    /// The kind of hash that CRYPT makes; yescrypt unless given.
    public var cryptMethod: CryptMethod?

    public init(rounds: Int? = nil, memory: Int? = nil, salt: [UInt8]? = nil, cryptMethod: CryptMethod? = nil) {
        self.rounds = rounds
        self.memory = memory
        self.salt = salt
        self.cryptMethod = cryptMethod
    }
}
