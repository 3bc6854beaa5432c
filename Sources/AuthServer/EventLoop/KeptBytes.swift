internal import Secrets

/// Bytes that have to wait: no memory while there are none, and wiped when they are taken, moved or dropped.
@safe
struct KeptBytes: ~Copyable {
    // Owned by this value alone, and initialised throughout.
    private var storage: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0

    init() {
        unsafe storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    var count: Int { end - start }
    var isEmpty: Bool { start == end }

    /// Lends the bytes for the length of `body`.
    func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        // The memory between the two offsets is initialised and lives as long as self is borrowed.
        body(unsafe Span<UInt8>(_bytes: UnsafeRawBufferPointer(rebasing: storage[start..<end]).bytes))
    }

    /// Adds a copy of `bytes`; whoever owns those wipes them.
    mutating func append(_ bytes: Span<UInt8>) {
        guard !bytes.isEmpty else { return }
        makeRoom(for: bytes.count)
        // makeRoom has seen to it that they fit, and the two don't overlap.
        unsafe bytes.withUnsafeBytes { source in
            unsafe UnsafeMutableRawBufferPointer(rebasing: storage[end..<end + source.count]).copyMemory(from: source)
        }
        end += bytes.count
    }

    /// Takes away the first bytes.
    mutating func removeFirst(_ count: Int) {
        let middle = start + min(count, self.count)
        // Within the storage; nobody reads that part again.
        unsafe wipe(UnsafeMutableRawBufferPointer(rebasing: storage[start..<middle]))
        start = middle
        if isEmpty { release() }
    }

    mutating func removeAll() {
        guard !isEmpty else { return }
        removeFirst(count)
    }

    private mutating func makeRoom(for more: Int) {
        guard unsafe end + more > storage.count else { return }
        // Growing in place could leave the old memory, with what it holds, to whoever gets it next.
        let size = max(256, 2 * (count + more))
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
        let kept = count
        unsafe larger.initializeMemory(as: UInt8.self, repeating: 0)
        unsafe UnsafeMutableRawBufferPointer(rebasing: larger[0..<kept])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[start..<end]))
        release()
        unsafe storage = larger
        end = kept
    }

    private mutating func release() {
        // What lies before the start was wiped already.
        unsafe wipe(UnsafeMutableRawBufferPointer(rebasing: storage[start..<end]))
        unsafe storage.deallocate()
        unsafe storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        start = 0
        end = 0
    }

    deinit {
        // As above.
        unsafe wipe(UnsafeMutableRawBufferPointer(rebasing: storage[start..<end]))
        unsafe storage.deallocate()
    }
}
