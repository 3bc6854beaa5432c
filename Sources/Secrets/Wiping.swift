internal import CPlatform

/// Overwrites `bytes` with zeros in a way that the optimiser may not remove.
///
/// For buffers that belong to somebody else, such as a socket's read buffer after its lines were parsed.
public func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
    guard let address = bytes.baseAddress else { return }
    // The caller vouches for the memory; writing zeros over initialised bytes keeps it initialised.
    unsafe gatepost_wipe(address, bytes.count)
}

/// Overwrites the stack below the caller, where functions that have returned left their copies.
///
/// Hash contexts are wiped, but not the copies that the compiler makes of them, or of their parts, on the way. These are
/// a few contexts of 216 bytes at most, far less than what is overwritten. Best effort, as any such thing.
package func wipeDeadStack() {
    // Writes to its own frame only.
    gatepost_wipe_stack()
}

/// Overwrites the elements of `bytes` with zeros, if this is their only owner, and empties it.
public func wipe(_ bytes: inout [UInt8]) {
    // The pointer stays inside the closure.
    unsafe bytes.withUnsafeMutableBytes { buffer in unsafe wipe(buffer) }
    bytes.removeAll(keepingCapacity: true)
}
