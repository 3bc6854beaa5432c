import AuthServer
import Glibc

/// Many clients that one thread can handle.
final class SocketCrowd: Sendable {
    let descriptors: [Int32]

    /// Connects them, one after the other, without waiting for an answer.
    init(_ count: Int, _ path: String) throws {
        guard let address = UnixSocketAddress(path: path) else { throw SystemError(code: ENAMETOOLONG) }
        var descriptors: [Int32] = []
        for _ in 0..<count {
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            // The address lives as long as the call.
            guard descriptor >= 0, unsafe address.withPointer({ unsafe connect(descriptor, $0, $1) }) == 0 else {
                let cause = errno
                for descriptor in descriptors { close(descriptor) }
                throw SystemError(code: cause)
            }
            var limit = timeval(tv_sec: 20, tv_usec: 0)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
            descriptors.append(descriptor)
        }
        self.descriptors = descriptors
    }

    deinit { for descriptor in descriptors { close(descriptor) } }

    func write(_ text: String, to index: Int) {
        let bytes = Array(text.utf8)
        // The array lives as long as the call.
        _ = unsafe send(descriptors[index], bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Reads until the text ends in `end`, or to the end of the connection, or for twenty seconds.
    func read(from index: Int, through end: String) -> String {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while !text.suffix(end.utf8.count).elementsEqual(end.utf8) {
            // The kernel writes no more than the array's size.
            let count = unsafe recv(descriptors[index], &chunk, chunk.count, 0)
            guard count > 0 else { break }
            text += chunk[..<count]
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Lets this process have as many open files as the system allows it, and says how many that are.
func raiseOpenFiles() -> Int {
    var limit = rlimit()
    // The structure is filled, and read, during the calls.
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = min(limit.rlim_max, 65536)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(limit.rlim_cur)
}
