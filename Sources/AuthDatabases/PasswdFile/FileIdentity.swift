internal import Glibc
internal import Secrets

/// What tells one state of a file from another.
///
/// The change time is part of it: it sees an edit that keeps size and modification time, and a change of permissions.
struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64
    let size: Int
    private let modified: Time
    private let changed: Time

    private struct Time: Hashable, Sendable {
        let seconds: Int
        let nanoseconds: Int
    }

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        modified = Time(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
        changed = Time(seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec)
    }

    /// Asks the file system for the file at `path`, in about a microsecond.
    init(path: String) throws(DatabaseFailure) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw DatabaseFailure(opening: path, errno) }
        self.init(status)
    }

    /// A file's bytes, and what identified it when they were read.
    struct Content: ~Copyable {
        let bytes: Secret
        let identity: FileIdentity
    }

    /// Reads the whole file.
    ///
    /// A file that changes while it is read is read again, so that half of a rewrite is seldom taken for the whole.
    static func read(_ path: String) throws(DatabaseFailure) -> Content {
        var attempts = 0
        while true {
            attempts += 1
            let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw DatabaseFailure(opening: path, errno) }
            defer { close(descriptor) }
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw DatabaseFailure(opening: path, errno) }
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw DatabaseFailure("\(path) is not a regular file; name a passwd-file")
            }
            let before = FileIdentity(status)
            guard before.size < Int(UInt32.max) else {
                throw DatabaseFailure("\(path) is larger than 4 GiB, which a passwd-file must not be")
            }
            let bytes = try read(descriptor, size: before.size, path)
            guard unsafe fstat(descriptor, &status) == 0 else { throw DatabaseFailure(opening: path, errno) }
            if FileIdentity(status) == before, bytes.count == before.size {
                return Content(bytes: bytes, identity: before)
            }
            guard attempts < 10 else {
                throw DatabaseFailure(
                    "\(path) changes faster than it can be read; write a new file and rename it over the old one",
                    mayPass: true)
            }
            usleep(useconds_t(1000 * attempts))
        }
    }

    private static func read(_ descriptor: Int32, size: Int, _ path: String) throws(DatabaseFailure) -> Secret {
        try Secret(capacity: size) { (output) throws(DatabaseFailure) in
            var failure: Int32 = 0
            // The kernel writes within the capacity and says how much.
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                while count < size, let start = buffer.baseAddress {
                    let got = unsafe Glibc.read(descriptor, start + count, size - count)
                    if got < 0, errno == EINTR { continue }
                    if got < 0 { failure = errno }
                    guard got > 0 else { break }
                    count += got
                }
            }
            guard failure == 0 else { throw DatabaseFailure(opening: path, failure) }
        }
    }
}

extension DatabaseFailure {
    /// - Parameter code: an `errno`.
    init(opening path: String, _ code: Int32) {
        // strerror's text stays valid on this thread.
        let cause = unsafe String(cString: strerror(code))
        let remedy =
            switch code {
            case ENOENT, ENOTDIR: "create it, or correct its path in the configuration"
            case EACCES, EPERM:
                "let user id \(geteuid()), which this process runs as, read it and enter its directories"
            default: "see what the system's log says"
            }
        self.init("open(\(path)) failed: \(cause); \(remedy)")
    }
}
