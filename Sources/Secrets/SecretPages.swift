internal import CPlatform

/// Whole pages for what is too large for the heap, or too precious: zeroed at first, left out of core dumps, wiped and
/// given back to the kernel at the end, where the heap would keep them.
@safe
package struct SecretPages: ~Copyable, Sendable {
    // Uniquely owned by this value and never handed out beyond a closure, so Sendable holds.
    private nonisolated(unsafe) let start: UnsafeMutableRawPointer
    package let count: Int
    /// Whether they never go to swap.
    package let isLocked: Bool

    /// - Parameters:
    ///   - count: bytes, more than 0.
    ///   - locked: to be kept out of swap, if the system allows that (RLIMIT_MEMLOCK).
    /// - Returns: nil if the kernel has no such memory.
    package init?(count: Int, locked: Bool = false) {
        // Unmapped in deinit.
        guard let start = unsafe MappedPages.map(count) else { return nil }
        unsafe self.start = start
        self.count = count
        isLocked = unsafe locked && MappedPages.lock(start, count)
    }

    /// Lends the bytes for the length of `body`.
    package borrowing func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // All of the mapping is initialised: the kernel gave it out zeroed.
        try unsafe body(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Lends the bytes to be changed.
    package mutating func withMutableBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // As above; mutating access is exclusive.
        try unsafe body(UnsafeMutableRawBufferPointer(start: start, count: count))
    }

    deinit {
        unsafe gatepost_wipe(start, count)
        unsafe MappedPages.unmap(start, count)
    }
}
