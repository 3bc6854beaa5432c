import AuthDatabases
import AuthServer
import Glibc

/// A client of a real Unix socket; its blocking calls run on a thread of its own, so that the server is never starved.
final class SocketClient: Sendable {
    private let descriptor: Int32

    /// Connects.
    init(_ path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard let address = UnixSocketAddress(path: path) else { throw SystemError(code: ENAMETOOLONG) }
        // The address lives as long as the call.
        let status = unsafe address.withPointer { unsafe connect(descriptor, $0, $1) }
        guard status == 0 else {
            let cause = errno
            Glibc.close(descriptor)
            throw SystemError(code: cause)
        }
        // No test may wait for ever.
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { Glibc.close(descriptor) }

    func write(_ text: String) async {
        await onThread { [descriptor] in
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                // The pointer is used only inside the closure, with the slice's own length.
                let count = unsafe rest.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// Says that nothing more will come.
    func endInput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Whether something can be read now, the end included.
    var hasInput: Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, 0) > 0
    }

    /// Reads until the text ends in `end`, or to the end of the connection, or for twenty seconds.
    func read(through end: String? = nil) async -> String {
        await onThread { [descriptor] in
            var text: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65536)
            while true {
                // As above.
                let count = unsafe chunk.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
                guard count > 0 else { break }
                text += chunk[..<count]
                if let end, text.suffix(end.utf8.count).elementsEqual(end.utf8) { break }
            }
            return String(decoding: text, as: UTF8.self)
        }
    }

    private func onThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            let thread = WorkerThread(name: "client") { continuation.resume(returning: body()) }
            thread?.detach()
        }
    }
}
