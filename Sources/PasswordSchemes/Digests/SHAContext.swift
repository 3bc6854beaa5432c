#if canImport(CCryptoBoringSSL)
    internal import CCryptoBoringSSL

    /// A context of BoringSSL's, which can also be had block by block, without the bookkeeping for messages of any length.
    protocol SHAContext {
        associatedtype Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable
        associatedtype State

        /// Words of a digest.
        static var digestWords: Int { get }
        /// What a message that ends now has for a digest, and all that ``compress(_:)`` changes.
        var h: State { get set }

        init()
        // They return 1, whatever they are given, and keep no pointer.
        @unsafe static func begin(_ context: UnsafeMutablePointer<Self>) -> Int32
        @unsafe static func add(_ context: UnsafeMutablePointer<Self>, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int32
        @unsafe static func end(_ digest: UnsafeMutablePointer<UInt8>, _ context: UnsafeMutablePointer<Self>) -> Int32
        @unsafe static func compress(_ context: UnsafeMutablePointer<Self>, _ block: UnsafePointer<UInt8>)

        /// Writes the state over the beginning of `block`.
        func writeState(_ block: inout Block)
    }

    extension SHAContext {
        /// A block in memory: its words are big-endian.
        typealias Block = InlineArray<16, Word>

        static var digestSize: Int { digestWords * MemoryLayout<Word>.size }
        static var blockSize: Int { MemoryLayout<Block>.size }

        /// At the beginning of a message.
        static func begun() -> Self {
            var context = Self()
            _ = unsafe begin(&context)
            return context
        }

        // Pointers stay inside the closures, and BoringSSL within the counts, the digest's size and the block's.

        mutating func add(_ bytes: Span<UInt8>) {
            _ = unsafe bytes.withUnsafeBytes { unsafe Self.add(&self, $0.baseAddress, $0.count) }
        }

        /// Adds the first bytes of `block`.
        mutating func add(_ block: inout Block, count: Int) {
            _ = unsafe block.withPointer { unsafe Self.add(&self, $0, count) }
        }

        /// Writes the digest over the beginning of `block`.
        mutating func end(_ block: inout Block) {
            _ = unsafe block.withPointer { unsafe Self.end($0, &self) }
        }

        /// Changes the state by one block more, of which ``end(_:)`` does not know.
        mutating func compress(_ block: inout Block) {
            unsafe block.withPointer { unsafe Self.compress(&self, $0) }
        }
    }

    extension InlineArray where Element: BitwiseCopyable {
        /// The pointer is valid during `body`, for as many bytes as there are.
        @unsafe
        fileprivate mutating func withPointer<Result>(_ body: (UnsafeMutablePointer<UInt8>) -> Result) -> Result {
            var elements = mutableSpan
            return unsafe elements.withUnsafeMutableBytes { bytes in
                unsafe body(bytes.baseAddress!.assumingMemoryBound(to: UInt8.self))
            }
        }

        /// Copies `bytes` over the beginning, for which there must be room.
        mutating func write(_ bytes: Span<UInt8>) {
            precondition(bytes.count <= count * MemoryLayout<Element>.stride)
            // It has been seen that there is room.
            unsafe withPointer { pointer in
                for index in bytes.indices { unsafe pointer[index] = bytes[index] }
            }
        }
    }

    extension SHA_CTX: SHAContext {
        typealias Word = UInt32
        static var digestWords: Int { 5 }

        static func begin(_ context: UnsafeMutablePointer<Self>) -> Int32 { unsafe CCryptoBoringSSL_SHA1_Init(context) }
        static func add(_ context: UnsafeMutablePointer<Self>, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int32 {
            unsafe CCryptoBoringSSL_SHA1_Update(context, bytes, count)
        }
        static func end(_ digest: UnsafeMutablePointer<UInt8>, _ context: UnsafeMutablePointer<Self>) -> Int32 {
            unsafe CCryptoBoringSSL_SHA1_Final(digest, context)
        }
        static func compress(_ context: UnsafeMutablePointer<Self>, _ block: UnsafePointer<UInt8>) {
            unsafe CCryptoBoringSSL_SHA1_Transform(context, block)
        }

        func writeState(_ block: inout Block) {
            block[0] = h.0.bigEndian
            block[1] = h.1.bigEndian
            block[2] = h.2.bigEndian
            block[3] = h.3.bigEndian
            block[4] = h.4.bigEndian
        }
    }

    extension SHA256_CTX: SHAContext {
        typealias Word = UInt32
        static var digestWords: Int { 8 }

        static func begin(_ context: UnsafeMutablePointer<Self>) -> Int32 { unsafe CCryptoBoringSSL_SHA256_Init(context) }
        static func add(_ context: UnsafeMutablePointer<Self>, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int32 {
            unsafe CCryptoBoringSSL_SHA256_Update(context, bytes, count)
        }
        static func end(_ digest: UnsafeMutablePointer<UInt8>, _ context: UnsafeMutablePointer<Self>) -> Int32 {
            unsafe CCryptoBoringSSL_SHA256_Final(digest, context)
        }
        static func compress(_ context: UnsafeMutablePointer<Self>, _ block: UnsafePointer<UInt8>) {
            unsafe CCryptoBoringSSL_SHA256_Transform(context, block)
        }

        func writeState(_ block: inout Block) { write(h, over: &block) }
    }

    extension SHA512_CTX: SHAContext {
        typealias Word = UInt64
        static var digestWords: Int { 8 }

        static func begin(_ context: UnsafeMutablePointer<Self>) -> Int32 { unsafe CCryptoBoringSSL_SHA512_Init(context) }
        static func add(_ context: UnsafeMutablePointer<Self>, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int32 {
            unsafe CCryptoBoringSSL_SHA512_Update(context, bytes, count)
        }
        static func end(_ digest: UnsafeMutablePointer<UInt8>, _ context: UnsafeMutablePointer<Self>) -> Int32 {
            unsafe CCryptoBoringSSL_SHA512_Final(digest, context)
        }
        static func compress(_ context: UnsafeMutablePointer<Self>, _ block: UnsafePointer<UInt8>) {
            unsafe CCryptoBoringSSL_SHA512_Transform(context, block)
        }

        func writeState(_ block: inout Block) { write(h, over: &block) }
    }

    private func write<Word: FixedWidthInteger>(
        _ state: (Word, Word, Word, Word, Word, Word, Word, Word), over block: inout InlineArray<16, Word>
    ) {
        block[0] = state.0.bigEndian
        block[1] = state.1.bigEndian
        block[2] = state.2.bigEndian
        block[3] = state.3.bigEndian
        block[4] = state.4.bigEndian
        block[5] = state.5.bigEndian
        block[6] = state.6.bigEndian
        block[7] = state.7.bigEndian
    }
#endif
