import DovecotConfiguration
import Logging
import Synchronization
import Testing

@testable import GatepostDaemon

@Suite("Where log lines go")
struct LogDestinationTests {
    private let directory: TestDirectory

    init() throws { directory = try TestDirectory() }

    private func read(_ name: String) -> String { TextFile.read("\(directory.path)/\(name)") }

    private func configuration(_ settings: String) throws -> AuthConfiguration {
        try AuthConfiguration.load(
            path: "/d.conf", files: OneFile(settings.replacing("DIR", with: directory.path))
        ).configuration
    }

    /// Logs a line of every level.
    private func log(_ settings: String, level: Logger.Level = .debug) throws -> LogDestination {
        let destination = LogDestination(try .init(configuration("log_timestamp =\n" + settings)), level: level)
        let logger = Logger(label: "test") { _ in DovecotLogHandler(destination) }
        logger.debug("d")
        logger.info("i")
        logger.warning("w")
        logger.error("e")
        return destination
    }

    static let (debug, info) = ("auth: Debug: d\n", "auth: Info: i\n")
    static let errors = "auth: Warning: w\nauth: Error: e\n"

    @Test("log_path alone takes everything")
    func onePath() throws {
        _ = try log("log_path = DIR/all")
        #expect(read("all") == Self.debug + Self.info + Self.errors)
    }

    @Test("info_log_path takes infos and, without a path of their own, debug lines")
    func infoPath() throws {
        _ = try log("log_path = DIR/errors\ninfo_log_path = DIR/info")
        #expect(read("errors") == Self.errors)
        #expect(read("info") == Self.debug + Self.info)
    }

    @Test("debug_log_path takes debug lines only")
    func debugPath() throws {
        _ = try log("log_path = DIR/errors\ninfo_log_path = DIR/info\ndebug_log_path = DIR/debug")
        #expect(read("errors") == Self.errors)
        #expect(read("info") == Self.info)
        #expect(read("debug") == Self.debug)
        _ = try log("log_path = DIR/most\ndebug_log_path = DIR/debug2")
        #expect(read("most") == Self.info + Self.errors)
        #expect(read("debug2") == Self.debug)
    }

    @Test("A level cuts off what is below it, and can be changed while loggers are in use")
    func level() throws {
        let destination = LogDestination(try .init(configuration("log_timestamp =\nlog_path = DIR/log")), level: .info)
        let logger = Logger(label: "test") { _ in DovecotLogHandler(destination) }
        logger.debug("hidden")
        logger.info("first")
        destination.replace(destination.sinks, level: .debug)
        logger.debug("second")
        #expect(read("log") == "auth: Info: first\nauth: Debug: second\n")
    }

    @Test("A message stays one line, and moves no cursor")
    func oneLine() throws {
        let destination = LogDestination(try .init(configuration("log_timestamp =\nlog_path = DIR/log")), level: .info)
        let logger = Logger(label: "test") { _ in DovecotLogHandler(destination) }
        logger.info("a\nauth: Info: forged\r\u{1b}[2J\0 b\tc")
        #expect(read("log") == "auth: Info: a?auth: Info: forged??[2J? b\tc\n")
    }

    @Test("The default is syslog with facility mail; syslog_facility and /dev/stderr are known")
    func targets() throws {
        let standard = try LogDestination.Sinks(configuration(""))
        #expect(standard.errors.target == .syslog(.mail))
        #expect(standard.debug === standard.errors)
        #expect(try LogDestination.Sinks(configuration("syslog_facility = local3")).errors.target == .syslog(.local3))
        let mixed = try LogDestination.Sinks(configuration("log_path = syslog\ninfo_log_path = /dev/stderr"))
        #expect(mixed.errors.target == .syslog(.mail))
        #expect(mixed.info.target == .standardError(.dovecot))
        let container = try LogDestination.Sinks(configuration("log_path = /dev/stderr\ninfo_log_path = /dev/stdout"))
        #expect(container.errors.target == .standardError(.dovecot))
        #expect(container.info.target == .standardOutput(.dovecot))
        #expect(mixed.debug === mixed.info)
    }

    @Test("A file that can't be opened is told with the setting that names it", arguments: ["log_path", "info_log_path", "debug_log_path"])
    func unopenable(setting: String) throws {
        let configuration = try configuration("\(setting) = DIR/nowhere/log")
        do throws(DaemonError) {
            _ = try LogDestination.Sinks(configuration)
            Issue.record("opened")
        } catch {
            #expect(
                error.description.hasPrefix(
                    "\(setting) = \(directory.path)/nowhere/log: can't open the log file: No such file or directory; "))
        }
    }

    @Test("A reload goes on with the files that stay the same, and closes the others")
    func reload() throws {
        let destination = LogDestination(
            try .init(configuration("log_path = DIR/errors\ninfo_log_path = DIR/info")), level: .info)
        let before = destination.sinks
        let after = try LogDestination.Sinks(
            configuration("log_path = DIR/errors\ninfo_log_path = DIR/other"), reusing: destination.sinks)
        #expect(after.errors === before.errors)
        #expect(after.info !== before.info)
        destination.replace(after, level: .info)
        #expect(TextFile.openDescriptors(below: directory) == 3)
        withExtendedLifetime(before) {}
    }

    @Test("Ten reloads leave no more files open than one")
    func reloads() throws {
        let destination = LogDestination(
            try .init(configuration("log_path = DIR/errors\ninfo_log_path = DIR/info")), level: .info)
        for number in 0..<10 {
            let next = try LogDestination.Sinks(
                configuration("log_path = DIR/errors\ninfo_log_path = DIR/info\(number)"), reusing: destination.sinks)
            destination.replace(next, level: .info)
            destination.reopen()
        }
        #expect(TextFile.openDescriptors(below: directory) == 2)
    }
}
