internal import Glibc

/// Where a file really stands: an open directory and a name in it, with all symbolic links followed.
///
/// Replacing the file there leaves the links as they are.
struct FileLocation: ~Copyable {
    let directory: Descriptor
    let name: String
    /// For messages.
    let path: String

    private static let mostLinks = 40

    init(following given: String) throws(PasswdFileEditError) {
        var path = given
        var links = 0
        while let target = Self.link(path) {
            links += 1
            guard links <= Self.mostLinks else { throw PasswdFileEditError(.open, given, error: ELOOP) }
            path = target.first == "/" ? target : Self.split(path).directory + "/" + target
        }
        let parts = Self.split(path)
        guard !["", ".", ".."].contains(parts.name) else {
            throw PasswdFileEditError(.noRegularFile, "\(given) is not a regular file; name a passwd-file")
        }
        // A C string that lives for the call.
        let number = unsafe Glibc.open(parts.directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { throw PasswdFileEditError(.openDirectory, path, error: errno) }
        directory = Descriptor(owning: number)
        name = parts.name
        self.path = path
    }

    /// What the directory says of the name now; nil if there is no such file, or the system does not tell.
    func status() -> stat? {
        var status = stat()
        // A plain C structure of this frame, and a C string that lives for the call.
        return unsafe fstatat(directory.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let directory = path[..<slash]
        return (directory.isEmpty ? "/" : String(directory), String(path[path.index(after: slash)...]))
    }

    /// Where a symbolic link points; nil for anything else.
    private static func link(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        // The kernel writes at most as many bytes as the array has, and says how many.
        let count = unsafe readlink(path, &target, target.count)
        return count > 0 ? String(decoding: target[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
