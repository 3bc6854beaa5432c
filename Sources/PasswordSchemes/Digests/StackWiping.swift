internal import Secrets

/// Overwrites the stack below the caller, where functions that have returned left their copies.
///
/// Hash contexts are wiped, but not the copies that the compiler makes of them, or of their parts, on the way. The
/// size is more than those frames take: a few contexts of 216 bytes at most. Best effort, as any such thing.
@inline(never)
func wipeDeadStack(frames: Int = 5) {
    // Swift takes a temporary allocation from the stack up to 1024 bytes and from the heap above, hence the recursion.
    // The memory is written to and nothing else.
    unsafe withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 16) { frame in
        if frames > 1 { wipeDeadStack(frames: frames - 1) }
        unsafe wipe(frame)
    }
}
