/// The hash function of a SCRAM mechanism.
public enum SCRAMHash: Sendable, Hashable, CaseIterable {
    /// SCRAM-SHA-1 (RFC 5802).
    case sha1
    /// SCRAM-SHA-256 (RFC 7677).
    case sha256

    /// Bytes of a digest and of each key.
    public var size: Int { derivation.size }

    var derivation: KeyDerivation {
        switch self {
        case .sha1: .sha1
        case .sha256: .sha256
        }
    }
}
