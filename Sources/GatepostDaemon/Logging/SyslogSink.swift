internal import AuthServer
internal import Glibc
internal import Logging
internal import Synchronization

/// Sends lines to syslog's socket, and to standard error while syslog takes none.
final class SyslogSink: LogSink {
    private enum Outcome {
        case sent
        /// Its queue is full.
        case isBusy
        /// Nobody listens there any more.
        case isGone
    }

    let target: LogTarget
    private let facility: SyslogFacility
    private let path: String
    private let lastResort: Int32
    private let descriptor = Mutex<Int32>(-1)

    init(facility: SyslogFacility, path: String = "/dev/log", lastResort: Int32 = STDERR_FILENO) {
        target = .syslog(facility)
        self.facility = facility
        self.path = path
        self.lastResort = lastResort
    }

    deinit { reopen() }

    func write(_ text: String, level: Logger.Level) {
        let priority = facility.rawValue << 3 | level.syslogSeverity
        // What rsyslog and journald read from /dev/log: no level in the text, as Dovecot does.
        let message = Array("<\(priority)>\(LogTimestamp.syslog.now())dovecot: auth: \(text)".utf8)
        let isSent = descriptor.withLock { descriptor in
            if descriptor < 0 { descriptor = Self.connect(path) }
            var outcome = Self.send(message, to: descriptor)
            if outcome == .isGone, descriptor >= 0 {
                // syslogd was restarted: its socket is a new one.
                close(descriptor)
                descriptor = Self.connect(path)
                outcome = Self.send(message, to: descriptor)
            }
            return outcome == .sent
        }
        if !isSent { writeLastResort(message + [UInt8(ascii: "\n")], to: lastResort) }
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

    private static func send(_ message: [UInt8], to descriptor: Int32) -> Outcome {
        guard descriptor >= 0 else { return .isGone }
        // Never wait for a slow syslogd: a login is worth more than a line about it.
        let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
        let sent = unsafe message.withUnsafeBytes { unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
        if sent >= 0 { return .sent }
        return errno == EAGAIN || errno == ENOBUFS ? .isBusy : .isGone
    }
}

extension Logger.Level {
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
