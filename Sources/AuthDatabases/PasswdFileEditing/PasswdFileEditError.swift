internal import Glibc

/// Why a passwd-file was not changed, and what to do about it; the file is as it was.
///
/// No text in it comes from a password or a hash.
package struct PasswdFileEditError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    package enum Code: Sendable, Hashable {
        /// The name can't stand in a passwd-file.
        case invalidUserName
        /// No line has the name.
        case unknownUser
        /// There is no such file.
        case missingFile
        /// What is there is a directory or a device.
        case noRegularFile
        /// The stored text has a colon or a line end.
        case unsuitablePassword
        /// Somebody else has held the lock for too long.
        case locked
        /// The system refused something.
        case system
    }

    package let code: Code

    /// One sentence: what failed, where, and the remedy.
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    /// What was attempted when the system refused.
    enum Attempt {
        case openDirectory, open, read, lock, createReplacement, keepOwner, keepAttributes, write, replace
    }

    /// - Parameter error: an `errno`.
    init(_ attempt: Attempt, _ path: String, error: CInt) {
        // strerror's text stays valid on this thread.
        let cause = unsafe String(cString: strerror(error))
        let directory = FileLocation.split(path).directory
        let sentence =
            switch attempt {
            case .openDirectory: "can't open the directory \(directory)"
            case .open: "can't open \(path)"
            case .read: "can't read \(path)"
            case .lock: "can't lock \(path)"
            case .createReplacement: "can't write in the directory \(directory)"
            case .keepOwner: "can't give the new \(path) the owner and group of the old"
            case .keepAttributes: "can't give the new \(path) the access list of the old"
            case .write: "can't write the new \(path)"
            case .replace: "can't put the new \(path) in the place of the old"
            }
        let remedy =
            switch (attempt, error) {
            case (_, ENOSPC), (_, EDQUOT): "free some space on its file system"
            case (_, EFBIG): "raise the limit on the size of files (ulimit -f)"
            case (_, EROFS): "mount its file system for writing"
            case (.replace, EBUSY): "it seems to be mounted by itself; mount its directory instead"
            case (.keepOwner, _), (.keepAttributes, _): "run this as root or as the file's owner"
            case (.openDirectory, ENOENT), (.openDirectory, ENOTDIR): "create the directory, or correct the path"
            case (_, EACCES), (_, EPERM): "run this as root, or as a user who may read the file and write in its directory"
            case (.lock, _): "use a file system that has locks"
            default: "see what the system's log says"
            }
        self.init(.system, "\(sentence): \(cause); nothing was changed; \(remedy)")
    }
}
