internal import Glibc

/// A new directory with a short path, since a socket's path has room for a hundred bytes only.
struct TemporaryDirectory {
    struct NotMade: Error, CustomStringConvertible {
        let description: String
    }

    let path: String

    init() throws(NotMade) {
        var template = Array("/tmp/gatepost-XXXXXX".utf8CString)
        // mkdtemp writes into the array, which outlives the call.
        guard unsafe mkdtemp(&template) != nil else { throw NotMade(description: "can't make a directory in /tmp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes it and the socket in it.
    func remove() {
        // C strings that live for the call.
        unsafe unlink(path + "/auth")
        unsafe rmdir(path)
    }
}
