internal import AuthServer
internal import Glibc
internal import Logging
internal import Synchronization

/// Where finished log lines go.
protocol LogSink: Sendable {
    /// Writes one line, given without its line end. Never throws: a log that can't be written must not stop logins.
    func write(_ text: String, level: Logger.Level)

    /// Opens the destination again, after a log rotation.
    func reopen()
}

/// Writes lines to a file, or to standard error.
final class FileLogSink: LogSink {
    /// Why a log file could not be opened.
    struct OpenError: Error, CustomStringConvertible {
        let description: String
    }

    private let path: String?
    private let descriptor: Mutex<Int32>
    private let timestamp: LogTimestamp

    /// Standard error.
    init(standardErrorWith timestamp: LogTimestamp) {
        path = nil
        descriptor = Mutex(STDERR_FILENO)
        self.timestamp = timestamp
    }

    /// A file that is appended to, and made with mode 0600 if there is none.
    init(path: String, timestamp: LogTimestamp) throws(OpenError) {
        let file = Self.open(path)
        guard file >= 0 else {
            // strerror's text stays valid on this thread.
            throw OpenError(
                description: "log_path = \(path): can't open the log file: \(unsafe String(cString: strerror(errno))); "
                    + "make its directory writable for this process, or leave log_path out to log to syslog")
        }
        self.path = path
        descriptor = Mutex(file)
        self.timestamp = timestamp
    }

    private static func open(_ path: String) -> Int32 {
        unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    }

    func write(_ text: String, level: Logger.Level) {
        var line = Array((timestamp.now() + "auth: " + level.dovecotName + ": " + text).utf8)
        line.append(UInt8(ascii: "\n"))
        descriptor.withLock { descriptor in
            var rest = line[...]
            while !rest.isEmpty {
                // One write a line keeps lines of several processes apart.
                let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
                guard written > 0 else {
                    if written < 0, errno == EINTR { continue }
                    return
                }
                rest = rest.dropFirst(written)
            }
        }
    }

    func reopen() {
        guard let path else { return }
        let file = Self.open(path)
        // Better the old file than none.
        guard file >= 0 else { return }
        descriptor.withLock { descriptor in
            close(descriptor)
            descriptor = file
        }
    }
}

/// Sends lines to syslog's socket.
final class SyslogSink: LogSink {
    private let facility: SyslogFacility
    private let path: String
    private let descriptor = Mutex<Int32>(-1)
    private let processID = getpid()

    init(facility: SyslogFacility, path: String = "/dev/log") {
        self.facility = facility
        self.path = path
    }

    func write(_ text: String, level: Logger.Level) {
        let priority = facility.rawValue << 3 | level.syslogSeverity
        // What rsyslog and journald read from /dev/log: no level in the text, as Dovecot does.
        let message = Array("<\(priority)>\(LogTimestamp.syslog.now())dovecot: auth: \(text)".utf8)
        descriptor.withLock { descriptor in
            if descriptor < 0 { descriptor = Self.connect(path) }
            guard descriptor >= 0 else { return Self.writeToStandardError(message) }
            if Self.send(message, to: descriptor) { return }
            // syslogd was restarted: its socket is a new one.
            close(descriptor)
            descriptor = Self.connect(path)
            guard descriptor >= 0, Self.send(message, to: descriptor) else {
                return Self.writeToStandardError(message)
            }
        }
    }

    func reopen() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 { close(descriptor) }
            descriptor = -1
        }
    }

    private static func connect(_ path: String) -> Int32 {
        guard let address = UnixSocketAddress(path: path) else { return -1 }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return -1 }
        guard unsafe address.withPointer({ unsafe Glibc.connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return -1
        }
        return descriptor
    }

    private static func send(_ message: [UInt8], to descriptor: Int32) -> Bool {
        // Never wait for a slow syslogd: a login is worth more than a line about it.
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let sent = unsafe message.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
        return sent >= 0 || errno == EAGAIN
    }

    private static func writeToStandardError(_ message: [UInt8]) {
        let line = message + [UInt8(ascii: "\n")]
        // Nothing is left to tell it to if this fails.
        _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
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

    /// RFC 5424 section 6.2.1.
    var syslogSeverity: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
