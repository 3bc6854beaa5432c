import Testing

@testable import GatepostDaemon

@Suite("The time at the head of log lines")
struct LogTimestampTests {
    // 2001-09-09 12:00:00 UTC, which is the ninth of September almost everywhere.
    @Test(
        "It is written as strftime(3) does",
        arguments: [
            ("%b %d %Y ", "Sep 09 2001 "), ("%b %e ", "Sep  9 "), ("", ""), ("%%", "%"),
        ])
    func formats(format: String, text: String) {
        #expect(LogTimestamp(format: format).text(at: 1_000_036_800) == text)
    }

    @Test("Dovecot's default is month, day of two digits, time, blank; syslog's pads the day with a blank (RFC 3164)")
    func defaults() {
        #expect(LogTimestamp.dovecot.text(at: 1_000_036_800).contains(#/^Sep 09 \d\d:\d\d:\d\d $/#))
        #expect(LogTimestamp.syslog.text(at: 1_000_036_800).contains(#/^Sep  9 \d\d:\d\d:\d\d $/#))
        #expect(LogTimestamp.none.now() == "")
    }
}
