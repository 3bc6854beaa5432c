internal import Glibc
internal import Logging
internal import Synchronization

/// Writes lines to a file, to standard error or to standard output.
final class FileLogSink: LogSink {
    /// Why a log file could not be opened.
    struct OpenError: Error, CustomStringConvertible {
        let description: String
    }

    let target: LogTarget
    private let path: String?
    private let descriptor: Mutex<Int32>
    private let timestamp: LogTimestamp
    /// Where lines go that the file doesn't take.
    private let lastResort: Int32
    private let hasMadeFile: Bool

    /// Standard error.
    convenience init(standardErrorWith timestamp: LogTimestamp) {
        self.init(STDERR_FILENO, target: .standardError(timestamp), timestamp)
    }

    /// Standard output, which can't be opened as a file where it is a pipe of root's or a socket of systemd's.
    convenience init(standardOutputWith timestamp: LogTimestamp) {
        self.init(STDOUT_FILENO, target: .standardOutput(timestamp), timestamp)
    }

    private init(_ stream: Int32, target: LogTarget, _ timestamp: LogTimestamp) {
        self.target = target
        path = nil
        descriptor = Mutex(stream)
        self.timestamp = timestamp
        lastResort = STDERR_FILENO
        hasMadeFile = false
    }

    /// A file that is appended to, and made with mode 0600 if there is none.
    init(path: String, timestamp: LogTimestamp, lastResort: Int32 = STDERR_FILENO) throws(OpenError) {
        var file = Self.open(path, O_CREAT | O_EXCL)
        hasMadeFile = file >= 0
        if file < 0 { file = Self.open(path, O_CREAT) }
        guard file >= 0 else { throw OpenError(description: "can't open the log file: \(Self.reason)") }
        target = .file(path, timestamp)
        self.path = path
        descriptor = Mutex(file)
        self.timestamp = timestamp
        self.lastResort = lastResort
    }

    deinit {
        if path != nil { descriptor.withLock { _ = close($0) } }
    }

    private static func open(_ path: String, _ flags: Int32) -> Int32 {
        unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0o600)
    }

    // strerror's text stays valid on this thread.
    private static var reason: String { unsafe String(cString: strerror(errno)) }

    func write(_ text: String, level: Logger.Level) {
        let line = line(text, level)
        let rest = descriptor.withLock { Self.write(line, to: $0) }
        // A full disk, for example.
        if !rest.isEmpty, path != nil { writeLastResort(Array(rest), to: lastResort) }
    }

    func reopen() {
        guard let path else { return }
        let file = Self.open(path, O_CREAT)
        guard file >= 0 else {
            // Better the old file than none, but somebody has to know.
            let text = "can't open the log file \(path) again: \(Self.reason); "
            return write(
                text + "lines go on to the old one; have the rotation make a file that this account can write",
                level: .error)
        }
        descriptor.withLock { descriptor in
            close(descriptor)
            descriptor = file
        }
    }

    func give(to user: uid_t, _ group: gid_t) {
        guard hasMadeFile else { return }
        // It can be written as it is open; if this fails, opening it again will tell.
        descriptor.withLock { _ = fchown($0, user, group) }
    }

    private func line(_ text: String, _ level: Logger.Level) -> [UInt8] {
        Array((timestamp.now() + "auth: " + level.dovecotName + ": " + text + "\n").utf8)
    }

    /// Writes as much as can be written; returns what is left.
    private static func write(_ line: [UInt8], to descriptor: Int32) -> ArraySlice<UInt8> {
        var rest = line[...]
        while !rest.isEmpty {
            // One write a line keeps lines of several processes apart.
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if written == 0 || errno != EINTR {
                break
            }
        }
        return rest
    }
}

extension Logger.Level {
    /// The word in Dovecot's log files.
    var dovecotName: String {
        switch self {
        case .trace, .debug: "Debug"
        case .info, .notice: "Info"
        case .warning: "Warning"
        case .error: "Error"
        case .critical: "Fatal"
        }
    }
}
