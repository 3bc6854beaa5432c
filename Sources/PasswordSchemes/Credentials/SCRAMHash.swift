/// The hash function of a SCRAM mechanism.
public enum SCRAMHash: Sendable, Hashable, CaseIterable {
    /// SCRAM-SHA-1 (RFC 5802).
    case sha1
    /// SCRAM-SHA-256 (RFC 7677).
    case sha256
    /// SCRAM-SHA-512 (draft-melnikov-scram-sha-512); Dovecot has no stored scheme for it.
    case sha512

    /// Bytes of a digest and of each key.
    public var size: Int { derivation.size }

    package var derivation: KeyDerivation {
        switch self {
        case .sha1: .sha1
        case .sha256: .sha256
        case .sha512: .sha512
        }
    }
}
