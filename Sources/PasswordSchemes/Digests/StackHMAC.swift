#if canImport(CCryptoBoringSSL)
    /// HMAC (RFC 2104), and PBKDF2 (RFC 8018) on it, with all that they need on the stack.
    ///
    /// Nothing here wipes: see ``StackKeyDerivation``.
    struct StackHMAC<Context: SHAContext>: ~Copyable {
        // Behind the block that each makes of the key.
        private let inner: Context
        private let outer: Context

        init(key: Span<UInt8>) {
            var block = Context.Block(repeating: 0)
            if key.count > Context.blockSize {
                var context = Context.begun()
                context.add(key)
                context.end(&block)
            } else {
                block.write(key)
            }
            inner = Self.context(behind: block, 0x36)
            outer = Self.context(behind: block, 0x5c)
        }

        private static func context(behind key: Context.Block, _ byte: UInt8) -> Context {
            let pad = Context.Word.max / 0xff * Context.Word(byte)
            var block = key
            for index in block.indices { block[index] ^= pad }
            var context = Context.begun()
            context.add(&block, count: Context.blockSize)
            return context
        }

        /// Writes the code of the parts one after the other over the beginning of `block`.
        func authenticate(_ first: Span<UInt8>, _ second: Span<UInt8> = Span(), into block: inout Context.Block) {
            var context = inner
            context.add(first)
            context.add(second)
            context.end(&block)
            context = outer
            context.add(&block, count: Context.digestSize)
            context.end(&block)
        }

        /// Writes a key as long as a digest over the beginning of `block`.
        func pbkdf2(salt: Span<UInt8>, rounds: UInt32, into block: inout Context.Block) {
            let firstBlock: InlineArray<4, UInt8> = [0, 0, 0, 1]
            authenticate(salt, firstBlock.span, into: &block)
            var sum = block
            pad(&block)
            var context = inner
            // All that is hashed from here on is a digest and the same padding, in one block, behind one of the key.
            for _ in 1..<rounds {
                context.h = inner.h
                context.compress(&block)
                context.writeState(&block)
                context.h = outer.h
                context.compress(&block)
                context.writeState(&block)
                for index in 0..<Context.digestWords { sum[index] ^= block[index] }
            }
            block = sum
        }

        /// Ends the digest at the beginning of `block` as the end of a message of one more block (FIPS 180-4 section 5.1).
        private func pad(_ block: inout Context.Block) {
            block[Context.digestWords] = (1 << (Context.Word.bitWidth - 1) as Context.Word).bigEndian
            for index in Context.digestWords + 1..<15 { block[index] = 0 }
            block[15] = Context.Word((Context.blockSize + Context.digestSize) * 8).bigEndian
        }
    }
#endif
