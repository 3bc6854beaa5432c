internal import Crypto
// Only for ContiguousBytes, by which a digest lends its bytes; swift-crypto brings it along anyway.
internal import FoundationEssentials

/// swift-crypto's hash functions, whose contexts lie in the heap.
enum HeapDigest {
    /// The longest block, SHA-512's.
    private static let zeros = [UInt8](repeating: 0, count: 128)

    /// Never inlined, so that all of its stack is dead when it returns and `wipeDeadStack()` reaches it.
    @inline(never)
    static func withDigest<Result>(
        of first: Span<UInt8>, _ second: Span<UInt8>, by function: SHAFunction, _ body: (Span<UInt8>) -> Result
    ) -> Result {
        switch function {
        case .sha1: withDigest(first, second, by: Insecure.SHA1.self, body)
        case .sha256: withDigest(first, second, by: SHA256.self, body)
        case .sha384: withDigest(first, second, by: SHA384.self, body)
        case .sha512: withDigest(first, second, by: SHA512.self, body)
        }
    }

    private static func withDigest<Function: HashFunction, Result>(
        _ first: Span<UInt8>, _ second: Span<UInt8>, by function: Function.Type, _ body: (Span<UInt8>) -> Result
    ) -> Result {
        var hash = Function()
        // The pointers stay inside the closures; swift-crypto takes no Span.
        unsafe first.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        unsafe second.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
        let digest = hash.finalize()
        // swift-crypto 4.5.2 means to wipe its context but clears the size of a metatype only, so the end of the
        // password stays on the heap. One block more pushes it out of the context.
        unsafe Self.zeros.withUnsafeBytes { zeros in
            unsafe hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: zeros.prefix(Function.blockByteCount)))
        }
        return unsafe digest.withUnsafeBytes { body(unsafe Span(_unsafeElements: $0.assumingMemoryBound(to: UInt8.self))) }
    }
}
