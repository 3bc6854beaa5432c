internal import Secrets

/// Overwrites the stack below the caller, where functions that have returned left their copies.
///
/// swift-crypto wipes its contexts, but not the copies that the compiler makes of them on the way. The size is more
/// than its frames take: at most three contexts of 216 bytes each and little else. Best effort, as any such thing.
@inline(never)
func wipeDeadStack() {
    // The memory is written to and nothing else.
    unsafe withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { unsafe wipe($0) }
}
