internal import Secrets

extension StoredPassword {
    /// Lends the digest with the salt behind it, if that is what is stored, see ``DigestAlgorithm/matches(_:_:)``.
    package func lendDigest(_ body: (DigestAlgorithm, Span<UInt8>) -> Void) -> Bool {
        guard case .cheap(let hash) = hash, let hash = hash as? SaltedDigestHash else { return false }
        hash.data.withBytes { body(hash.algorithm, $0) }
        return true
    }
}
