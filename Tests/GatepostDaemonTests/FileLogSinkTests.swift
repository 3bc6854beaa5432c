import Glibc
import Logging
import Testing

@testable import GatepostDaemon

@Suite("Log files")
struct FileLogSinkTests {
    private let directory: TestDirectory
    private var path: String { directory.path + "/log" }

    init() throws { directory = try TestDirectory() }

    @Test(
        "A line is time, auth:, level and text, as in Dovecot 2.3",
        arguments: [
            (.trace, "Debug"), (.debug, "Debug"), (.info, "Info"), (.notice, "Info"), (.warning, "Warning"),
            (.error, "Error"), (.critical, "Fatal"),
        ] as [(Logger.Level, String)])
    func shape(level: Logger.Level, word: String) throws {
        let sink = try FileLogSink(path: path, timestamp: .dovecot)
        sink.write("passwd-file(alice,192.0.2.1): unknown user", level: level)
        let line = TextFile.read(path)
        #expect(line.hasSuffix(" auth: \(word): passwd-file(alice,192.0.2.1): unknown user\n"))
        #expect(line.contains(#/^[A-Z][a-z][a-z] \d\d \d\d:\d\d:\d\d auth: /#))
    }

    @Test("The time can be left out (log_timestamp)")
    func noTimestamp() throws {
        let sink = try FileLogSink(path: path, timestamp: .none)
        sink.write("text", level: .info)
        #expect(TextFile.read(path) == "auth: Info: text\n")
    }

    @Test("A new file is the owner's alone, and one that is there is appended to")
    func opening() throws {
        try FileLogSink(path: path, timestamp: .none).write("first", level: .info)
        var status = stat()
        unsafe stat(path, &status)
        #expect(status.st_mode & 0o777 == 0o600)
        try FileLogSink(path: path, timestamp: .none).write("second", level: .info)
        #expect(TextFile.read(path) == "auth: Info: first\nauth: Info: second\n")
    }

    @Test("After a rotation, lines go to the old file until it is opened again, and then to the new one")
    func rotation() throws {
        let sink = try FileLogSink(path: path, timestamp: .none)
        sink.write("first", level: .info)
        unsafe rename(path, path + ".1")
        sink.write("second", level: .info)
        sink.reopen()
        sink.write("third", level: .info)
        #expect(TextFile.read(path + ".1") == "auth: Info: first\nauth: Info: second\n")
        #expect(TextFile.read(path) == "auth: Info: third\n")
        #expect(TextFile.openDescriptors(below: directory) == 1)
    }

    @Test("If it can't be opened again, the old file is kept, and told why")
    func failingRotation() throws {
        let sink = try FileLogSink(path: path, timestamp: .none)
        unsafe rename(path, path + ".1")
        unsafe mkdir(path, 0o700)
        defer { unsafe rmdir(path) }
        sink.reopen()
        sink.write("next", level: .info)
        let lines = TextFile.read(path + ".1").split(separator: "\n")
        try #require(lines.count == 2)
        #expect(lines[0].hasPrefix("auth: Error: can't open the log file \(path) again: Is a directory"))
        #expect(lines[1] == "auth: Info: next")
    }

    @Test("A line that the file doesn't take goes to standard error")
    func fullDisk() throws {
        let lastResort = TextFile.make("stderr", in: directory)
        defer { close(lastResort) }
        let sink = try FileLogSink(path: "/dev/full", timestamp: .none, lastResort: lastResort)
        sink.write("text", level: .error)
        #expect(TextFile.contents(of: lastResort) == "auth: Error: text\n")
    }

    @Test("A sink that is let go of closes its file")
    func closing() throws {
        var sink: FileLogSink? = try FileLogSink(path: path, timestamp: .none)
        #expect(TextFile.openDescriptors(below: directory) == 1)
        sink?.write("text", level: .info)
        sink = nil
        #expect(TextFile.openDescriptors(below: directory) == 0)
    }

    @Test("A file that it has made is given away, one that was there is not", .enabled(if: geteuid() == 0, "needs root"))
    func giving() throws {
        close(TextFile.make("old", in: directory))
        for (name, owner) in [("old", 0), ("new", 1)] as [(String, uid_t)] {
            let sink = try FileLogSink(path: "\(directory.path)/\(name)", timestamp: .none)
            sink.give(to: 1, 1)
            var status = stat()
            unsafe stat("\(directory.path)/\(name)", &status)
            #expect(status.st_uid == owner, "\(name)")
        }
    }

    @Test("A file that can't be opened is refused with the system's reason")
    func missingDirectory() {
        do throws(FileLogSink.OpenError) {
            _ = try FileLogSink(path: directory.path + "/nowhere/log", timestamp: .none)
            Issue.record("opened")
        } catch {
            #expect(error.description == "can't open the log file: No such file or directory")
        }
    }
}
