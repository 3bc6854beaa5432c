import Glibc

/// A directory that goes away with its owner; its name is short, for a socket's path has 107 bytes.
final class TestDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/gps.XXXXXX".utf8CString)
        // mkdtemp writes into the zero-terminated array, which keeps its length.
        guard unsafe mkdtemp(&template) != nil else { throw SystemError(code: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The names in it.
    var names: [String] {
        // The stream is read to its end and closed within this scope.
        guard let stream = unsafe opendir(path) else { return [] }
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

    deinit {
        for name in names { unsafe unlink("\(path)/\(name)") }
        unsafe rmdir(path)
    }
}

struct SystemError: Error { var code: Int32 }
