internal import CCrypt
internal import Glibc
internal import Secrets

/// What a thread needs to check costly hashes: memory for crypt(3), and the limits on what a hash may cost.
///
/// Make one for each worker thread and keep it. It takes 33 KiB of heap and holds nothing between calls: all of it
/// is wiped after each use.
@safe
public struct HashingWorkspace: ~Copyable, Sendable {
    // Uniquely owned by this noncopyable value and never handed out, so Sendable holds.
    // First crypt(3)'s own data, then phrase and setting, each with a NUL at the end.
    private nonisolated(unsafe) let memory: UnsafeMutableRawBufferPointer

    private static var dataSize: Int { MemoryLayout<crypt_data>.size }
    private static var phraseSize: Int { CryptLimits.phrase + 1 }
    private static var settingSize: Int { CryptLimits.setting + 1 }

    /// Hashes above these are refused.
    public let limits: HashingLimits

    public init(limits: HashingLimits = HashingLimits()) {
        self.limits = limits
        // crypt(3) asks for zeros before the first call.
        unsafe memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.dataSize + Self.phraseSize + Self.settingSize,
            alignment: MemoryLayout<max_align_t>.alignment)
        unsafe wipe(memory)
    }

    deinit {
        unsafe wipe(memory)
        unsafe memory.deallocate()
    }

    /// Runs crypt(3) and lends its result to `body`; nil if it failed, with the reason in errno.
    mutating func crypt<Result>(
        _ phrase: Span<UInt8>, setting: Span<UInt8>, _ body: (Span<UInt8>) -> Result
    ) -> Result? {
        defer { unsafe wipe(memory) }
        let phraseText = unsafe store(phrase, at: Self.dataSize, size: Self.phraseSize)
        let settingText = unsafe store(setting, at: Self.dataSize + Self.phraseSize, size: Self.settingSize)
        guard unsafe phraseText != nil, unsafe settingText != nil else {
            errno = ERANGE
            return nil
        }
        // Both texts are NUL-terminated and lie behind the data area that the library may write to.
        guard let output = unsafe crypt_rn(phraseText, settingText, memory.baseAddress, CInt(Self.dataSize)) else {
            return nil
        }
        // The result is NUL-terminated text within the data area and lives until the wipe.
        let count = unsafe strlen(output)
        return unsafe output.withMemoryRebound(to: UInt8.self, capacity: count) { start in
            body(unsafe Span(_unsafeStart: start, count: count))
        }
    }

    /// The text as a C string in our own memory; nil if it does not fit.
    private mutating func store(_ text: Span<UInt8>, at offset: Int, size: Int) -> UnsafePointer<CChar>? {
        guard text.count < size else { return nil }
        for index in text.indices { unsafe memory[offset + index] = text[index] }
        unsafe memory[offset + text.count] = 0
        guard let start = unsafe memory.baseAddress else { return nil }
        // The bytes above were just written; CChar and UInt8 have one layout.
        return unsafe UnsafeRawPointer(start + offset).assumingMemoryBound(to: CChar.self)
    }
}
