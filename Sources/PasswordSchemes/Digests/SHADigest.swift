// swift-crypto's C module has no product and may go with any release of it; then the same comes more slowly.
#if canImport(CCryptoBoringSSL)
    typealias SHADigest = StackDigest
    typealias SHAKeyDerivation = StackKeyDerivation
#else
    typealias SHADigest = HeapDigest
    typealias SHAKeyDerivation = HeapKeyDerivation
#endif
