internal import Glibc

/// The files and the environment of this machine.
public struct LocalConfigurationFiles: ConfigurationFiles, Sendable {
    /// Files larger than this are refused; a configuration is small.
    private static let largestFile = 16 << 20

    /// Nothing is opened yet.
    public init() {}

    /// The whole content of a regular file or pipe, up to 16 MiB.
    ///
    /// - Throws: ``FileReadError`` with the text of `strerror`.
    public func read(_ path: String) throws(FileReadError) -> [UInt8] {
        // The path is handed over as a NUL-terminated copy for the length of the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw lastError() }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            // The buffer lives through the call and its count goes with it.
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                throw lastError()
            }
            if count == 0 { return content }
            content += chunk[..<count]
            guard content.count <= Self.largestFile else { throw FileReadError(reason: "File too large (over 16 MiB)") }
        }
    }

    /// Matches as glob(3) with `GLOB_BRACE`, which Dovecot uses: sorted, but braces keep the order of their words.
    public func glob(_ pattern: String) -> [String] {
        var matches = unsafe glob_t()
        // globfree takes what glob has filled in, whatever glob returned.
        defer { unsafe globfree(&matches) }
        guard unsafe Glibc.glob(pattern, GLOB_BRACE, nil, &matches) == 0, let paths = unsafe matches.gl_pathv else {
            return []
        }
        // gl_pathv holds gl_pathc strings that end in NUL.
        return unsafe (0..<Int(matches.gl_pathc)).compactMap { unsafe paths[$0].map { unsafe String(cString: $0) } }
    }

    /// The value of `getenv`.
    public func environmentVariable(_ name: String) -> String? {
        // getenv's string is copied at once; the daemon does not change its environment after start.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    private func lastError() -> FileReadError {
        // strerror's text is copied at once.
        FileReadError(reason: unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "unknown error")
    }
}
