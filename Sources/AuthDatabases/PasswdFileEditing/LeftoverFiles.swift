internal import Glibc

/// The temporary files of runs that were killed.
enum LeftoverFiles {
    private static let digits = 16

    private static func prefix(for name: String) -> String { ".\(name).gatepost-" }

    /// A hidden name that no other run chooses.
    static func newName(for name: String) -> String {
        let number = String(UInt64.random(in: 0 ... .max), radix: 16)
        return prefix(for: name) + String(repeating: "0", count: digits - number.count) + number
    }

    /// Removes those whose maker is dead: it would hold their lock otherwise.
    ///
    /// A second name of the present file goes too: its maker was killed, or will be content to find it gone.
    static func remove(in location: borrowing FileLocation) {
        let present = location.status().map(FileState.init)
        for name in names(in: location) {
            // C strings that live for the calls.
            let flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY
            let number = unsafe openat(location.directory.number, name, flags)
            guard number >= 0 else { continue }
            let file = Descriptor(owning: number)
            guard let status = file.status(), status.st_mode & S_IFMT == S_IFREG,
                present?.isSameFile(as: FileState(status)) == true || flock(number, LOCK_EX | LOCK_NB) == 0
            else { continue }
            _ = unsafe unlinkat(location.directory.number, name, 0)
        }
    }

    private static func names(in location: borrowing FileLocation) -> [String] {
        // A second descriptor, since closedir closes the one it was given.
        let number = unsafe openat(location.directory.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard number >= 0 else { return [] }
        guard let stream = unsafe fdopendir(number) else {
            close(number)
            return []
        }
        defer { unsafe closedir(stream) }
        let prefix = prefix(for: location.name)
        var names: [String] = []
        // Each entry is valid until the next call, and its name ends with a NUL.
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
                unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
            }
            let rest = name.dropFirst(prefix.count)
            if name.hasPrefix(prefix), rest.count == digits, rest.allSatisfy(\.isHexDigit) { names.append(name) }
        }
        return names
    }
}
