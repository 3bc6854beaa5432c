internal import Glibc

/// A temporary file in the same directory that becomes the file in one step; removed if it does not.
///
/// It is locked from the beginning, which tells it from what a killed run has left behind.
struct ReplacementFile: ~Copyable {
    private let file: Descriptor
    private let directory: CInt
    private let path: String
    /// nil once it has its place.
    private var temporaryName: String?

    private init(_ file: consuming Descriptor, named name: String, in location: borrowing FileLocation) {
        self.file = file
        directory = location.directory.number
        path = location.path
        temporaryName = name
    }

    /// A new, empty file for its owner only.
    static func make(in location: borrowing FileLocation) throws(PasswdFileEditError) -> ReplacementFile {
        while true {
            let name = LeftoverFiles.newName(for: location.name)
            let flags = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
            // C strings that live for the call.
            let number = unsafe openat(location.directory.number, name, flags, 0o600)
            guard number >= 0 else { throw PasswdFileEditError(.createReplacement, location.path, error: errno) }
            let file = ReplacementFile(Descriptor(owning: number), named: name, in: location)
            // Between these two calls another run may have taken it for a leftover: then there is a next one.
            let isLocked = flock(number, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
            if isLocked, let status = file.file.status(), status.st_nlink > 0 { return file }
        }
    }

    /// Takes over owner, group, mode and access list; all this before any content is in it.
    func adopt(_ model: borrowing LockedFile) throws(PasswdFileEditError) {
        let status = model.status
        guard let own = file.status() else { throw PasswdFileEditError(.createReplacement, path, error: errno) }
        if own.st_uid != status.st_uid || own.st_gid != status.st_gid {
            guard fchown(file.number, status.st_uid, status.st_gid) == 0 else {
                throw PasswdFileEditError(.keepOwner, path, error: errno)
            }
        }
        // After fchown, which takes bits away.
        guard fchmod(file.number, status.st_mode & 0o7777) == 0 else {
            throw PasswdFileEditError(.keepOwner, path, error: errno)
        }
        let error = ExtendedAttributes.copy(from: model.descriptor.number, to: file.number)
        guard error == 0 else { throw PasswdFileEditError(.keepAttributes, path, error: error) }
    }

    /// Writes the content and waits until it is on the disk.
    func write(_ bytes: [UInt8]) throws(PasswdFileEditError) {
        var written = 0
        while written < bytes.count {
            // No more than the array has is read from it.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(file.number, buffer.baseAddress.map { unsafe $0 + written }, buffer.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw PasswdFileEditError(.write, path, error: count < 0 ? errno : ENOSPC) }
            written += count
        }
        guard fsync(file.number) == 0 else { throw PasswdFileEditError(.write, path, error: errno) }
    }

    /// Takes the place of the present file in one step.
    mutating func replace(_ location: borrowing FileLocation) throws(PasswdFileEditError) {
        guard let name = temporaryName else { return }
        // C strings that live for the call.
        guard unsafe renameat(directory, name, directory, location.name) == 0 else {
            throw PasswdFileEditError(.replace, path, error: errno)
        }
        temporaryName = nil
        synchroniseDirectory()
    }

    /// Takes the name if nobody has it; false if somebody has.
    func create(_ location: borrowing FileLocation) throws(PasswdFileEditError) -> Bool {
        guard let name = temporaryName else { return false }
        // A link and no rename, which would replace a file that was made meanwhile; the temporary name goes with self.
        guard unsafe linkat(directory, name, directory, location.name, 0) == 0 else {
            guard errno == EEXIST else { throw PasswdFileEditError(.replace, path, error: errno) }
            return false
        }
        synchroniseDirectory()
        return true
    }

    /// The change is made and visible already, and file systems that can't do this (EINVAL) need not.
    private func synchroniseDirectory() {
        _ = fsync(directory)
    }

    deinit {
        // A C string that lives for the call.
        if let temporaryName { _ = unsafe unlinkat(directory, temporaryName, 0) }
    }
}
