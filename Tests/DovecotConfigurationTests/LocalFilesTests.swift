import DovecotConfiguration
import Testing

@Suite("Files of this machine")
struct LocalFilesTests {
    private let files = LocalConfigurationFiles()
    private let cases = RecordedCaseTests.directory

    @Test("are read whole")
    func read() throws {
        #expect(try files.read("\(cases)/no-final-newline/dovecot.conf") == Array("auth_default_realm = x".utf8))
    }

    @Test(
        "that cannot be read say why in the system's words",
        arguments: [("/nonexistent", "No such file or directory"), ("/", "Is a directory")])
    func unreadable(path: String, reason: String) {
        #expect(throws: FileReadError(reason: reason)) { try files.read(path) }
    }

    @Test("that never end are given up")
    func endless() {
        #expect(throws: FileReadError(reason: "File too large (over 16 MiB)")) { try files.read("/dev/zero") }
    }

    @Test("are found by pattern, sorted")
    func glob() {
        let directory = "\(cases)/include-glob-sorted/conf.d"
        #expect(files.glob("\(directory)/*.conf") == ["10", "20", "9"].map { "\(directory)/\($0).conf" })
        #expect(files.glob("\(directory)/*.nope").isEmpty)
    }

    @Test("come with the environment")
    func environment() {
        #expect(files.environmentVariable("PATH")?.isEmpty == false)
        #expect(files.environmentVariable("GATEPOST_NO_SUCH_VARIABLE") == nil)
    }
}
