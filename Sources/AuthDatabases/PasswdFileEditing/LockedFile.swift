internal import Glibc
internal import Secrets

/// The present file under its name, open and locked against every other edit.
///
/// The lock is on the file itself, for a lock on a file that anybody may read could be held by anybody. Since the file
/// is replaced by each edit, whoever gets the lock looks whether the name still leads to the file it is on.
struct LockedFile: ~Copyable {
    let descriptor: Descriptor
    let status: stat
    private let path: String

    /// A passwd-file's reader takes no more.
    private static let largest = Int(UInt32.max)

    /// nil if there is no such file.
    static func open(
        _ location: borrowing FileLocation, until deadline: ContinuousClock.Instant
    ) throws(PasswdFileEditError) -> LockedFile? {
        while true {
            guard let descriptor = try descriptor(location) else { return nil }
            try lock(descriptor, location, until: deadline)
            guard let status = descriptor.status() else {
                throw PasswdFileEditError(.open, location.path, error: errno)
            }
            if let present = location.status(), FileState(present).isSameFile(as: FileState(status)) {
                return LockedFile(descriptor: descriptor, status: status, path: location.path)
            }
        }
    }

    private static func descriptor(_ location: borrowing FileLocation) throws(PasswdFileEditError) -> Descriptor? {
        // Without O_NONBLOCK, opening a pipe would wait for somebody to write.
        let flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
        // NFS locks only files that are open for writing; elsewhere reading will do. C strings live for the call.
        var number = unsafe openat(location.directory.number, location.name, O_RDWR | flags)
        if number < 0, [EACCES, EPERM, EROFS, EISDIR].contains(errno) {
            number = unsafe openat(location.directory.number, location.name, O_RDONLY | flags)
        }
        if number < 0, errno == ENOENT { return nil }
        guard number >= 0 else { throw PasswdFileEditError(.open, location.path, error: errno) }
        let descriptor = Descriptor(owning: number)
        guard let status = descriptor.status(), status.st_mode & S_IFMT == S_IFREG else {
            throw PasswdFileEditError(.noRegularFile, "\(location.path) is not a regular file; name a passwd-file")
        }
        return descriptor
    }

    private static func lock(
        _ descriptor: borrowing Descriptor, _ location: borrowing FileLocation,
        until deadline: ContinuousClock.Instant
    ) throws(PasswdFileEditError) {
        while flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw PasswdFileEditError(.lock, location.path, error: errno)
            }
            guard ContinuousClock.now < deadline else {
                throw PasswdFileEditError(
                    .locked,
                    "another process keeps \(location.path) locked; nothing was changed; see with lslocks which it is")
            }
            // Random, so that those who wait do not go on meeting each other.
            usleep(useconds_t.random(in: 500...5000))
        }
    }

    /// The whole content.
    func read() throws(PasswdFileEditError) -> PasswdFileText {
        let size = Int(status.st_size)
        guard size < Self.largest else { throw PasswdFileEditError(.read, path, error: EFBIG) }
        var failure: CInt = 0
        let number = descriptor.number
        // The kernel writes within the capacity, and says how much.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = 0
            while count < size, let start = buffer.baseAddress {
                let got = unsafe pread(number, start + count, size - count, off_t(count))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                guard got > 0 else { break }
                count += got
            }
        }
        guard failure == 0 else { throw PasswdFileEditError(.read, path, error: failure) }
        return PasswdFileText(bytes)
    }
}
