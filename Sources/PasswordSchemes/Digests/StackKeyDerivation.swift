#if canImport(CCryptoBoringSSL)
    internal import CCryptoBoringSSL
    internal import Secrets

    /// PBKDF2 and HMAC on BoringSSL's compression functions.
    ///
    /// BoringSSL's own PBKDF2, which ``HeapKeyDerivation`` calls, takes 650 instructions a round for what it does around them;
    /// the loop here takes 90.
    enum StackKeyDerivation {
        static func pbkdf2(_ password: Span<UInt8>, salt: Span<UInt8>, rounds: UInt32, by function: KeyDerivation) -> Secret {
            switch function {
            case .sha1: pbkdf2(password, salt, rounds, by: SHA_CTX.self)
            case .sha256: pbkdf2(password, salt, rounds, by: SHA256_CTX.self)
            case .sha512: pbkdf2(password, salt, rounds, by: SHA512_CTX.self)
            }
        }

        static func hmac(key: Span<UInt8>, _ message: Span<UInt8>, by function: KeyDerivation) -> Secret {
            switch function {
            case .sha1: hmac(key, message, by: SHA_CTX.self)
            case .sha256: hmac(key, message, by: SHA256_CTX.self)
            case .sha512: hmac(key, message, by: SHA512_CTX.self)
            }
        }

        // Never inlined, so that all of their stack is dead when they return and `wipeDeadStack()` reaches it.

        @inline(never)
        private static func pbkdf2<Context: SHAContext>(
            _ password: Span<UInt8>, _ salt: Span<UInt8>, _ rounds: UInt32, by context: Context.Type
        ) -> Secret {
            var block = Context.Block(repeating: 0)
            StackHMAC<Context>(key: password).pbkdf2(salt: salt, rounds: rounds, into: &block)
            return secret(block, by: context)
        }

        @inline(never)
        private static func hmac<Context: SHAContext>(
            _ key: Span<UInt8>, _ message: Span<UInt8>, by context: Context.Type
        ) -> Secret {
            var block = Context.Block(repeating: 0)
            StackHMAC<Context>(key: key).authenticate(message, into: &block)
            return secret(block, by: context)
        }

        private static func secret<Context: SHAContext>(_ block: Context.Block, by context: Context.Type) -> Secret {
            Secret(capacity: Context.digestSize) { output in
                for index in 0..<Context.digestWords {
                    for shift in stride(from: Context.Word.bitWidth - 8, through: 0, by: -8) {
                        output.append(UInt8(truncatingIfNeeded: Context.Word(bigEndian: block[index]) >> shift))
                    }
                }
            }
        }
    }
#endif
