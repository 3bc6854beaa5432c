package import Glibc

/// `sockaddr_un` from a path, and back to a pointer that the socket calls take.
package struct UnixSocketAddress {
    /// What fits into `sun_path` with its NUL, on Linux.
    package static let longestPath = 107

    private var address = sockaddr_un()

    /// Nil if the path is too long or empty, or holds a NUL.
    package init?(path: String) {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.longestPath, !bytes.contains(0) else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        // sun_path is 108 bytes long and was zeroed.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { target in
            unsafe target.copyBytes(from: bytes)
        }
    }

    package func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        // Every socket address begins as a sockaddr, and the calls are told the real length.
        unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe body(pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
