import Glibc

/// A directory that goes away with its owner; its name is short, for a socket's path has 107 bytes.
final class TestDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/gpd.XXXXXX".utf8CString)
        // mkdtemp writes into the zero-terminated array, which keeps its length.
        guard unsafe mkdtemp(&template) != nil else { throw SystemError(code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func write(_ text: String, to name: String) throws {
        // C strings that live for the calls.
        let file = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SystemError(code: errno) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard unsafe Glibc.write(file, bytes, bytes.count) == bytes.count else { throw SystemError(code: errno) }
    }

    deinit {
        // The stream is read to its end and closed within this scope.
        if let stream = unsafe opendir(path) {
            while let entry = unsafe readdir(stream) {
                let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                unsafe unlink("\(path)/\(name)")
            }
            unsafe closedir(stream)
        }
        unsafe rmdir(path)
    }
}

/// Whole files.
enum TextFile {
    static func read(_ path: String) -> String {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        return contents(of: file)
    }

    /// From its beginning.
    static func contents(of file: Int32) -> String {
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            // The array lives as long as the call.
            let count = unsafe pread(file, &chunk, chunk.count, text.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += chunk.prefix(count)
        }
    }

    /// An open file in `directory`.
    static func make(_ name: String, in directory: TestDirectory) -> Int32 {
        unsafe open("\(directory.path)/\(name)", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    }

    /// How many of this process's descriptors are open on files below `directory`.
    static func openDescriptors(below directory: TestDirectory) -> Int {
        (0..<256).count { number in
            var name = [CChar](repeating: 0, count: 4096)
            // The array lives as long as the call.
            let count = unsafe readlink("/proc/self/fd/\(number)", &name, name.count)
            let bytes = name.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }
            return count > 0 && String(decoding: bytes, as: UTF8.self).hasPrefix(directory.path + "/")
        }
    }
}
