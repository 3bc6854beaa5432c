internal import Glibc
internal import Logging

/// Where finished log lines go.
protocol LogSink: AnyObject, Sendable {
    var target: LogTarget { get }

    /// Writes one line, given without its line end. Never throws: a log that can't be written must not stop logins.
    func write(_ text: String, level: Logger.Level)

    /// Opens the destination again, after a log rotation.
    func reopen()

    /// Gives away what this process has made, if it has.
    func give(to user: uid_t, _ group: gid_t)
}

extension LogSink {
    func give(to user: uid_t, _ group: gid_t) {}
}

/// Names a sink; two with the same target write the same.
enum LogTarget: Hashable, Sendable {
    case standardError(LogTimestamp)
    case standardOutput(LogTimestamp)
    case file(String, LogTimestamp)
    case syslog(SyslogFacility)
}

/// Writes what could not be written elsewhere, so that it is not lost without a trace.
func writeLastResort(_ line: [UInt8], to descriptor: Int32) {
    // Nothing is left to tell it to if this fails.
    _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
}
