import Glibc

/// Lines to and from one peer. Every wait has an end.
final class LineStream {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Takes the descriptor over and closes it at the end.
    init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    static func tcp(port: UInt16) throws -> LineStream {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        // connect takes every address type as sockaddr; the structure outlives the call.
        let result = unsafe withUnsafeBytes(of: &address) {
            unsafe connect(descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        return try checked(descriptor, result, "127.0.0.1 port \(port)")
    }

    /// A port that nobody uses at this moment.
    static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        // bind and getsockname take every address type as sockaddr; the structure outlives both calls.
        let result = unsafe withUnsafeMutableBytes(of: &address) { bytes in
            let pointer = unsafe bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            return unsafe bind(descriptor, pointer, size) | getsockname(descriptor, pointer, &size)
        }
        guard result == 0 else { throw Failure("no free port: errno \(errno)") }
        return UInt16(bigEndian: address.sin_port)
    }

    static func unix(_ path: String) throws -> LineStream {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { throw Failure("too long: \(path)") }
        // The path was just seen to fit, and the structure starts out zeroed.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        // connect takes every address type as sockaddr; the structure outlives the call.
        let result = unsafe withUnsafeBytes(of: &address) {
            unsafe connect(descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        return try checked(descriptor, result, path)
    }

    private static func checked(_ descriptor: Int32, _ result: Int32, _ peer: String) throws -> LineStream {
        let reason = errno
        let stream = LineStream(owning: descriptor)
        guard result == 0 else { throw Failure("can't connect to \(peer): errno \(reason)") }
        return stream
    }

    func write(_ text: String) throws {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            // The pointer is used only inside the closure, with the slice's own length.
            let count = unsafe rest.withUnsafeBytes {
                // Without the flag a peer that hung up would end the whole test run by SIGPIPE.
                unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure("the peer has closed the connection (errno \(errno))") }
            rest = rest.dropFirst(count)
        }
    }

    /// The next line without its line end; `nil` when the peer has closed the connection.
    func readLine(within limit: Duration = .seconds(20)) throws -> String? {
        let end = ContinuousClock.now + limit
        while true {
            if let newline = received.firstIndex(of: UInt8(ascii: "\n")) {
                var line = received[..<newline]
                received = Array(received[(newline + 1)...])
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                return String(decoding: line, as: UTF8.self)
            }
            guard try fill(before: end, limit: limit) else { return nil }
        }
    }

    /// What one recv takes: all that has arrived at that moment; empty when the peer has closed the connection.
    func receiveOnce(within limit: Duration = .seconds(20)) throws -> String {
        _ = try fill(before: .now + limit, limit: limit)
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    private func fill(before end: ContinuousClock.Instant, limit: Duration) throws -> Bool {
        let left = (end - ContinuousClock.now) / .milliseconds(1)
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // poll writes the one element it is given.
        guard left > 0, unsafe poll(&waiting, 1, Int32(left)) > 0 else {
            throw Failure("no answer within \(limit); so far: \(String(decoding: received, as: UTF8.self))")
        }
        var chunk = [UInt8](repeating: 0, count: 16384)
        // The pointer is used only inside the closure, with the buffer's own length.
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return false }
        received += chunk[..<count]
        return true
    }
}
