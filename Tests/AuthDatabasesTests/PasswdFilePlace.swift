import Glibc
import Testing

/// A passwd-file of a test's own, which goes away with it.
final class PasswdFilePlace: Sendable {
    let path: String

    init(_ text: String) throws {
        var template = Array("/tmp/gp-users.XXXXXX".utf8CString)
        // mkstemp writes into the array, which keeps its length.
        let file = unsafe mkstemp(&template)
        try #require(file >= 0)
        close(file)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try write(text)
    }

    /// Writes the file anew in its place, or another one.
    func write(_ text: String, to other: String? = nil) throws {
        // C strings and a stream that live for the calls.
        let opened = unsafe fopen(other ?? path, "w")
        let file = try unsafe #require(opened)
        unsafe fputs(text, file)
        unsafe fclose(file)
    }

    /// Puts another file in its place, as an editor does.
    func replace(_ text: String) throws {
        try write(text, to: path + ".new")
        unsafe rename(path + ".new", path)
    }

    deinit { unsafe unlink(path) }
}
