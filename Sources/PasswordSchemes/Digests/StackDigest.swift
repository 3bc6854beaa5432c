#if canImport(CCryptoBoringSSL)
    internal import CCryptoBoringSSL

    /// The functions beneath swift-crypto's, with their contexts on the stack.
    ///
    /// For each login ``HeapDigest`` takes a context from the heap and a block more to clear it of the password: 3 900
    /// instructions, where the rest of a login takes as many.
    enum StackDigest {
        /// Never inlined, so that all of its stack is dead when it returns and `wipeDeadStack()` reaches it.
        @inline(never)
        static func withDigest<Result>(
            of first: Span<UInt8>, _ second: Span<UInt8>, by function: SHAFunction, _ body: (Span<UInt8>) -> Result
        ) -> Result {
            var output = Output(repeating: 0)
            switch function {
            case .sha1:
                var context = SHA_CTX()
                unsafe digest(
                    first, second, &context, &output, CCryptoBoringSSL_SHA1_Init, CCryptoBoringSSL_SHA1_Update,
                    CCryptoBoringSSL_SHA1_Final)
            case .sha256:
                var context = SHA256_CTX()
                unsafe digest(
                    first, second, &context, &output, CCryptoBoringSSL_SHA256_Init, CCryptoBoringSSL_SHA256_Update,
                    CCryptoBoringSSL_SHA256_Final)
            case .sha384:
                var context = SHA512_CTX()
                unsafe digest(
                    first, second, &context, &output, CCryptoBoringSSL_SHA384_Init, CCryptoBoringSSL_SHA384_Update,
                    CCryptoBoringSSL_SHA384_Final)
            case .sha512:
                var context = SHA512_CTX()
                unsafe digest(
                    first, second, &context, &output, CCryptoBoringSSL_SHA512_Init, CCryptoBoringSSL_SHA512_Update,
                    CCryptoBoringSSL_SHA512_Final)
            }
            return body(output.span.extracting(0..<function.size))
        }

        /// Room for the longest digest.
        private typealias Output = InlineArray<64, UInt8>

        // BoringSSL reads within the spans and writes within `output`, and keeps no pointer that it is given.
        @inline(__always) @unsafe
        private static func digest<Context>(
            _ first: Span<UInt8>, _ second: Span<UInt8>, _ context: inout Context, _ output: inout Output,
            _ begin: (UnsafeMutablePointer<Context>) -> Int32,
            _ add: (UnsafeMutablePointer<Context>, UnsafeRawPointer?, Int) -> Int32,
            _ end: (UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<Context>) -> Int32
        ) {
            // They return 1, whatever they are given.
            _ = unsafe begin(&context)
            _ = unsafe first.withUnsafeBytes { unsafe add(&context, $0.baseAddress, $0.count) }
            _ = unsafe second.withUnsafeBytes { unsafe add(&context, $0.baseAddress, $0.count) }
            var mutable = output.mutableSpan
            _ = unsafe mutable.withUnsafeMutableBufferPointer { unsafe end($0.baseAddress!, &context) }
        }
    }
#endif
