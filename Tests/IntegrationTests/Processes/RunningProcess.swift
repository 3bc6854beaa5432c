import Glibc

/// What the kernel says of a process that runs.
struct RunningProcess {
    let pid: pid_t

    /// The one that listens on a Unix socket.
    init(listeningOn path: String) throws {
        // unix(7): the credentials of the process that has called listen; process, user, group.
        pid = try LineStream.peer(of: path)
    }

    /// One of the lines of `/proc/PID/status` by its name, for every thread.
    func status(_ name: String) -> [[String]] {
        threads.map { thread in
            let text = TextFile.read("/proc/\(pid)/task/\(thread)/status") ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            return line?.dropFirst(name.count + 1).split { $0 == "\t" || $0 == " " }.map(String.init) ?? ["missing"]
        }
    }

    /// Soft and hard limit, as `/proc/PID/limits` has them.
    func limits(_ name: String) -> [String] {
        let text = TextFile.read("/proc/\(pid)/limits") ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
        return line?.dropFirst(name.count).split(separator: " ").prefix(2).map(String.init) ?? []
    }

    /// To whom the kernel lets it belong: to root if it may not be dumped (proc(5)).
    var owner: uid_t? {
        var status = stat()
        // The structure is filled during the call.
        return unsafe stat("/proc/\(pid)/status", &status) == 0 ? status.st_uid : nil
    }

    private var threads: [String] {
        // The stream is read to its end and closed within this scope.
        guard let stream = unsafe opendir("/proc/\(pid)/task") else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

extension LineStream {
    /// The process at the other end of a Unix socket.
    static func peer(of path: String) throws -> pid_t {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { throw Failure("too long: \(path)") }
        // The path was just seen to fit, and the structure starts out zeroed.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        var credentials: [Int32] = [0, 0, 0]
        var size = socklen_t(credentials.count * MemoryLayout<Int32>.size)
        // The address outlives connect; getsockopt fills the three numbers of struct ucred.
        let status = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, unsafe getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else {
            throw Failure("\(path): errno \(errno)")
        }
        return credentials[0]
    }
}
