import Glibc

/// A directory with a short name, because a Unix socket's path may have 107 bytes; readable by every user, because
/// Postfix, Exim and Dovecot run as users of their own.
struct TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/gp.XXXXXX".utf8CString)
        // mkdtemp writes the name into the zero-terminated buffer that lives for the whole call.
        let made = unsafe template.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) != nil }
        guard made else { throw Failure("mkdtemp in /tmp: errno \(errno)") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The string is converted to C's form for the time of the call.
        unsafe chmod(path, 0o755)
    }

    func remove() {
        _ = try? ChildProcess.run(["rm", "-rf", path])
    }

    func write(_ text: String, to name: String, mode: mode_t = 0o644) throws {
        try TextFile.write(text, to: "\(path)/\(name)", mode: mode)
    }
}
