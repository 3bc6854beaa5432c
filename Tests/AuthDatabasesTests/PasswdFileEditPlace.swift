import Glibc
import Testing

/// A directory of its own with a passwd-file in it, unless that is to be missing.
final class PasswdFileEditPlace: Sendable {
    let directory: String
    var file: String { directory + "/users" }

    init(_ bytes: [UInt8]?) throws {
        var template = Array("/tmp/gp-edit.XXXXXX".utf8CString)
        // mkdtemp writes into the array, which keeps its length.
        directory = unsafe String(cString: try #require(unsafe mkdtemp(&template)))
        if let bytes { try write(bytes, to: "users") }
    }

    convenience init(_ text: String) throws {
        try self.init(Array(text.utf8))
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        // C strings that live for the call.
        let number = unsafe open(directory + "/" + name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        try #require(number >= 0)
        defer { close(number) }
        // No more than the array has is read from it.
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
        try #require(count == bytes.count)
    }

    func write(_ text: String, to name: String = "users") throws {
        try write(Array(text.utf8), to: name)
    }

    /// nil if there is no such file.
    func text(_ name: String = "users") -> String? {
        let number = unsafe open(directory + "/" + name, O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { return nil }
        defer { close(number) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        // No more than the array has is written into it.
        let count = unsafe read(number, &bytes, bytes.count)
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }

    func status(_ name: String = "users") throws -> stat {
        var status = stat()
        // A plain C structure of this frame.
        try #require(unsafe lstat(directory + "/" + name, &status) == 0)
        return status
    }

    /// Everything in the directory.
    var names: Set<String> {
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(stream) }
        var names: Set<String> = []
        // Each entry is valid until the next call, and its name ends with a NUL.
        while let entry = unsafe readdir(stream) {
            unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
                let text = unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
                if text != ".", text != ".." { names.insert(text) }
            }
        }
        return names
    }

    deinit {
        for name in names { unsafe unlink(directory + "/" + name) }
        unsafe rmdir(directory)
    }
}
