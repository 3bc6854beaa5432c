internal import Glibc

/// The time at the head of a log line, by a format of strftime(3) (`log_timestamp`).
struct LogTimestamp: Sendable, Hashable {
    private let format: String

    /// - Parameter format: may be empty: no time, for a log that has its own (journald).
    init(format: String) {
        self.format = format
    }

    /// Dovecot's default.
    static let dovecot = LogTimestamp(format: "%b %d %H:%M:%S ")
    /// RFC 3164 section 4.1.2: the day padded with a blank.
    static let syslog = LogTimestamp(format: "%b %e %H:%M:%S ")
    static let none = LogTimestamp(format: "")

    func now() -> String { text(at: time(nil)) }

    func text(at seconds: time_t) -> String {
        guard !format.isEmpty else { return "" }
        var seconds = seconds
        var parts = unsafe tm()
        // Both pointers live for the length of the call.
        unsafe localtime_r(&seconds, &parts)
        // strftime writes at most the capacity and says how much it wrote.
        return unsafe String(unsafeUninitializedCapacity: 128) { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                guard let start = text.baseAddress else { return 0 }
                return unsafe strftime(start, text.count, format, &parts)
            }
        }
    }
}
