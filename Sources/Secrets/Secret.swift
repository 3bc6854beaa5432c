internal import CPlatform
internal import Glibc

/// Bytes that nobody may copy by accident, print, or leave behind in memory.
///
/// A `Secret` is noncopyable: it can be moved, lent, or duplicated with ``clone()``, which is visible where it is
/// written. It does not convert to a string, so interpolating or printing one does not compile. Its storage is
/// overwritten over the whole capacity when its owner lets go of it.
///
/// What this cannot reach (the kernel's socket buffers, swap) is listed in `SECURITY.md`.
@safe
public struct Secret: ~Copyable, Sendable {
    // Uniquely owned by this value and never handed out beyond a closure, so Sendable holds.
    private nonisolated(unsafe) let storage: UnsafeMutablePointer<UInt8>
    private let capacity: Int

    /// From this capacity on, in bytes, the storage comes from the kernel and goes back to it: the heap would keep it,
    /// and fill it slowly.
    private static let smallestMapping = 1 << 20

    /// The number of bytes.
    public private(set) var count: Int

    /// Copies `bytes`; the caller still has to wipe the place they came from.
    public init(copying bytes: Span<UInt8>) {
        self.init(capacity: bytes.count) { output in
            // There is room for as many bytes as are copied, and no pointer leaves the closures.
            unsafe bytes.withUnsafeBytes { source in
                unsafe output.withUnsafeMutableBufferPointer { target, count in
                    unsafe UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
                    count = source.count
                }
            }
        }
    }

    /// Lets `body` write up to `capacity` bytes straight into the wiped storage.
    ///
    /// - Throws: what `body` throws; nothing that it had written remains in memory then.
    public init<Failure: Error>(
        capacity: Int,
        initializingWith body: (inout OutputSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        guard let secret = try Secret(capacityIfAvailable: capacity, initializingWith: body) else {
            // Sizes here are those of lines, messages and keys: a system that has no memory for one of these has none for
            // anything, and Swift's own collections trap likewise. Files come by the other initialiser.
            fatalError("no memory for \(capacity) bytes")
        }
        self = secret
    }

    /// Lets `body` write up to `capacity` bytes, for sizes that somebody else has chosen, such as a file's.
    ///
    /// - Returns: nil, without a call of `body`, if the system doesn't have as much memory.
    /// - Throws: what `body` throws; nothing that it had written remains in memory then.
    @inline(__always)
    package init?<Failure: Error>(
        capacityIfAvailable capacity: Int,
        initializingWith body: (inout OutputSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        let size = max(capacity, 1)
        guard let storage = unsafe Self.allocate(size) else { return nil }
        // The closure's span must not outlive the storage: both end within this initialiser.
        var output = unsafe OutputSpan(
            buffer: UnsafeMutableBufferPointer(start: storage, count: capacity), initializedCount: 0)
        do throws(Failure) {
            try body(&output)
        } catch {
            output.removeAll()
            unsafe Self.free(storage, size)
            throw error
        }
        self.count = unsafe output.finalize(for: UnsafeMutableBufferPointer(start: storage, count: capacity))
        unsafe self.storage = storage
        self.capacity = size
    }

    /// Lends the bytes for the length of `body`.
    public borrowing func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // The storage holds `count` initialised bytes for as long as self is borrowed.
        try body(unsafe Span(_unsafeStart: UnsafePointer(storage), count: count))
    }

    /// Lends the bytes as a pointer, for C; not NUL-terminated.
    public borrowing func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // As above; a C function takes no Span.
        try unsafe body(UnsafeBufferPointer(start: storage, count: count))
    }

    /// A second, independent copy of the bytes.
    public borrowing func clone() -> Secret {
        withBytes { Secret(copying: $0) }
    }

    /// Forgets the first bytes, or all if there are no more, without leaving a copy of the others.
    public mutating func removeFirst(_ number: Int) {
        let number = min(max(number, 0), count)
        count -= number
        // All within the storage, and only this value knows of that; update(from:count:) takes places that overlap.
        unsafe storage.update(from: storage + number, count: count)
        unsafe gatepost_wipe(storage + count, number)
    }

    /// Whether there are no bytes; an empty secret is still a secret that was given.
    public var isEmpty: Bool { count == 0 }

    deinit {
        unsafe Self.free(storage, capacity)
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8>? {
        // Freed by free(_:_:). Straight from malloc, for Swift's own way there takes a detour by memalign.
        let start = unsafe capacity < smallestMapping ? malloc(capacity) : MappedPages.map(capacity)
        return unsafe start?.bindMemory(to: UInt8.self, capacity: capacity)
    }

    private static func free(_ storage: UnsafeMutablePointer<UInt8>, _ capacity: Int) {
        // Only this value knew of the storage, and its owner lets go of it.
        unsafe gatepost_wipe(storage, capacity)
        if capacity >= smallestMapping {
            unsafe MappedPages.unmap(UnsafeMutableRawPointer(storage), capacity)
        } else {
            unsafe Glibc.free(storage)
        }
    }
}
