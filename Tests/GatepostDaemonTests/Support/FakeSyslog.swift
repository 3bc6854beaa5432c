import AuthServer
import Glibc

/// A datagram socket in place of /dev/log.
final class FakeSyslog: Sendable {
    private let descriptor: Int32
    private let path: String

    init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard let address = UnixSocketAddress(path: path) else { throw SystemError(code: ENAMETOOLONG) }
        // The address lives as long as the call.
        guard unsafe address.withPointer({ unsafe bind(descriptor, $0, $1) }) == 0 else { throw SystemError(code: errno) }
    }

    /// What waits to be read.
    func messages() -> [String] {
        var messages: [String] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            // The array lives as long as the call.
            let count = unsafe recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count >= 0 else { return messages }
            messages.append(String(decoding: buffer.prefix(count), as: UTF8.self))
        }
    }

    /// Ends as a daemon does that is stopped.
    func end() {
        unsafe unlink(path)
        close(descriptor)
    }
}

struct SystemError: Error { var code: Int32 }
