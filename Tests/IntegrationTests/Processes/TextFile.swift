import Glibc

/// Whole small files, without Foundation.
enum TextFile {
    /// A descriptor that no program started later inherits.
    static func open(_ path: String, _ flags: Int32, mode: mode_t = 0o644) -> Int32 {
        // The string is converted to C's form for the time of the call.
        unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
    }

    static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
        guard file >= 0 else { throw Failure("can't write \(path): errno \(errno)") }
        defer { close(file) }
        try write(Array(text.utf8), to: file)
        // The umask may have taken bits away.
        fchmod(file, mode)
    }

    static func write(_ bytes: [UInt8], to file: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            // The pointer is used only inside the closure, with the slice's own length.
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure("write: errno \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return nil }
        defer { close(file) }
        return contents(of: file)
    }

    static func contents(of file: Int32) -> String {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            // The pointer is used only inside the closure, with the buffer's own length.
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    /// An open file without a name, gone when its last descriptor is closed.
    static func unnamed(holding text: String = "") throws -> Int32 {
        var template = Array("/tmp/gp.XXXXXX".utf8CString)
        // mkstemp writes the name into the zero-terminated buffer that lives for the whole closure.
        let file = unsafe template.withUnsafeMutableBufferPointer { name in
            let file = unsafe mkstemp(name.baseAddress!)
            if file >= 0 { unsafe unlink(name.baseAddress!) }
            return file
        }
        guard file >= 0 else { throw Failure("mkstemp in /tmp: errno \(errno)") }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        if !text.isEmpty {
            try write(Array(text.utf8), to: file)
            lseek(file, 0, SEEK_SET)
        }
        return file
    }
}
