import Glibc
import Logging
import Testing

@testable import GatepostDaemon

@Suite("Syslog")
struct SyslogSinkTests {
    private let directory: TestDirectory
    private let lastResort: Int32
    private var path: String { directory.path + "/log" }

    init() throws {
        directory = try TestDirectory()
        lastResort = TextFile.make("stderr", in: directory)
    }

    private func sink(_ facility: SyslogFacility = .mail) -> SyslogSink {
        SyslogSink(facility: facility, path: path, lastResort: lastResort)
    }

    // RFC 5424 section 6.2.1: the priority is 8 times the facility plus the severity.
    @Test(
        "A message is priority, time, dovecot: auth: and text, without a level",
        arguments: [
            (.debug, 2 * 8 + 7), (.info, 2 * 8 + 6), (.notice, 2 * 8 + 5), (.warning, 2 * 8 + 4), (.error, 2 * 8 + 3),
            (.critical, 2 * 8 + 2),
        ] as [(Logger.Level, Int)])
    func shape(level: Logger.Level, priority: Int) throws {
        let syslog = try FakeSyslog(path)
        defer { syslog.end() }
        sink().write("plain(?): invalid input", level: level)
        let messages = syslog.messages()
        try #require(messages.count == 1)
        #expect(messages[0].hasPrefix("<\(priority)>"))
        // RFC 3164 section 4.1.2.
        #expect(
            messages[0].contains(#/^<\d+>[A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d dovecot: auth: plain\(\?\): invalid input$/#))
    }

    @Test(
        "Facilities have the numbers of RFC 5424",
        arguments: [
            ("kern", 0), ("user", 1), ("mail", 2), ("daemon", 3), ("auth", 4), ("authpriv", 10), ("ftp", 11),
            ("local0", 16), ("local7", 23),
        ])
    func facilities(name: String, number: Int) throws {
        let syslog = try FakeSyslog(path)
        defer { syslog.end() }
        sink(try #require(SyslogFacility(name: name))).write("text", level: .error)
        #expect(syslog.messages().first?.hasPrefix("<\(number * 8 + 3)>") == true)
    }

    @Test("A facility that doesn't exist has none", arguments: ["", "Mail", "LOG_MAIL", "local8"])
    func unknownFacility(name: String) {
        #expect(SyslogFacility(name: name) == nil)
    }

    @Test("Without a syslogd lines go to standard error, and to syslog as soon as there is one")
    func missing() throws {
        let sink = sink()
        sink.write("first", level: .info)
        #expect(TextFile.contents(of: lastResort).hasSuffix("dovecot: auth: first\n"))
        let syslog = try FakeSyslog(path)
        defer { syslog.end() }
        sink.write("second", level: .info)
        #expect(syslog.messages().count == 1)
        #expect(!TextFile.contents(of: lastResort).contains("second"))
    }

    @Test("A syslogd that is started anew between two lines gets the second one")
    func restarted() throws {
        let sink = sink()
        let old = try FakeSyslog(path)
        sink.write("first", level: .info)
        #expect(old.messages().count == 1)
        old.end()
        let new = try FakeSyslog(path)
        defer { new.end() }
        sink.write("second", level: .info)
        #expect(new.messages().map { $0.hasSuffix("auth: second") } == [true])
        #expect(TextFile.contents(of: lastResort) == "")
    }

    @Test("While it is gone nothing is lost, and it gets the lines again when it is back")
    func gone() throws {
        let sink = sink()
        let old = try FakeSyslog(path)
        sink.write("first", level: .info)
        old.end()
        sink.write("second", level: .info)
        #expect(TextFile.contents(of: lastResort).hasSuffix("auth: second\n"))
        let new = try FakeSyslog(path)
        defer { new.end() }
        sink.write("third", level: .info)
        #expect(new.messages().map { $0.hasSuffix("auth: third") } == [true])
    }

    @Test("What a slow syslogd doesn't take goes to standard error: nothing is lost, nothing waits")
    func busy() throws {
        let syslog = try FakeSyslog(path)
        defer { syslog.end() }
        let sink = sink()
        // More than the kernel queues (net.unix.max_dgram_qlen).
        let count = 3000
        for number in 0..<count { sink.write("line \(number).", level: .info) }
        let lines = TextFile.contents(of: lastResort).split(separator: "\n")
        #expect(!lines.isEmpty)
        let all = syslog.messages() + lines.map(String.init)
        #expect(all.count == count)
        #expect(Set(all.compactMap { $0.split(separator: " ").last }).count == count)
        sink.write("after", level: .info)
        #expect(syslog.messages().map { $0.hasSuffix("auth: after") } == [true])
    }
}
