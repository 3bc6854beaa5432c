/// The hash functions that swift-crypto and the BoringSSL within it have.
enum SHAFunction: Sendable, CaseIterable {
    case sha1, sha256, sha384, sha512

    /// Bytes of a digest.
    var size: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }
}
