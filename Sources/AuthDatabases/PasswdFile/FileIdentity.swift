internal import Glibc

/// What tells one state of a file from another.
///
/// The change time is part of it: it sees an edit that keeps size and modification time, and a change of permissions.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    let size: Int
    private let modified: Time
    private let changed: Time

    /// As times are coarse on some file systems, two changes within this time, in seconds, may look like one.
    private static let coarsest = 2

    private struct Time: Hashable, Sendable {
        let seconds: Int
        let nanoseconds: Int
    }

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        modified = Time(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        changed = Time(seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec)
    }

    /// Of an open regular file; nil if it is something else.
    init?(ofFileAt descriptor: Int32) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(status)
    }

    /// Whether any later change will be seen by another identity.
    ///
    /// - Parameter now: seconds since 1970.
    func isSettled(at now: Int) -> Bool { max(modified.seconds, changed.seconds) + Self.coarsest < now }

    /// Asks the file system for the file at `path`, in about a microsecond.
    init(path: String) throws(DatabaseFailure) {
        var status = stat()
        // The pointer stays inside the closure.
        guard unsafe path.withCString({ unsafe stat($0, &status) }) == 0 else { throw DatabaseFailure(opening: path, errno) }
        self.init(status)
    }
}

extension DatabaseFailure {
    /// - Parameters:
    ///   - code: an `errno`.
    ///   - asking: whether the name service may be waited for; an event loop must not.
    init(opening path: String, _ code: Int32, asking: Bool = false) {
        // strerror's text stays valid on this thread.
        let cause = unsafe String(cString: strerror(code))
        let remedy =
            switch code {
            case ENOENT, ENOTDIR: "create it, or correct its path in the configuration"
            case EACCES, EPERM:
                "let \(ProcessAccount.text(asking: asking)), which this process runs as, read it and enter its directories"
            default: "see what the system's log says"
            }
        self.init("open(\(path)) failed: \(cause); \(remedy)", mayPass: false, isMissing: code == ENOENT)
    }
}
