import Glibc

/// A program that runs beside the tests, with a directory that it owns and that goes away with it.
final class Daemon: Sendable {
    let directory: TemporaryDirectory
    private let process: ChildProcess

    /// What it has written to its standard output and error.
    var output: String { TextFile.read("\(directory.path)/output") ?? "" }

    /// Starts the program and asks `isReady` again and again until it no longer throws.
    init(
        _ words: [String], environment: [String] = [], in directory: TemporaryDirectory, isReady: () throws -> Void
    ) throws {
        self.directory = directory
        let null = TextFile.open("/dev/null", O_RDONLY)
        let output = TextFile.open("\(directory.path)/output", O_WRONLY | O_CREAT | O_APPEND)
        defer {
            close(null)
            close(output)
        }
        process = try ChildProcess(words, environment: environment, input: null, output: output, errors: output)
        Leftovers.shared.remember(directory.path, command: "kill -TERM -- -\(process.pid); rm -rf \(directory.path)")
        var problem = ""
        let process = process
        let ready = Patience.wait(for: .seconds(15)) {
            do {
                try isReady()
                return true
            } catch {
                problem = "\(error)"
                // Waiting for a program that has ended is pointless.
                return process.hasEnded
            }
        }
        guard ready, !process.hasEnded else {
            let said = self.output
            stop()
            throw Failure("\(words.joined(separator: " ")) did not start: \(problem)\n\(said)")
        }
    }

    deinit {
        stop()
    }

    var processID: pid_t { process.pid }

    func send(_ signal: Int32) {
        process.send(signal)
    }

    /// Sends SIGTERM and waits; kills the program when that doesn't end it. `nil` when it was killed or stopped before.
    @discardableResult
    func stop() -> ChildProcess.Exit? {
        guard Places.exists(directory.path) else { return nil }
        process.send(SIGTERM)
        let exit = process.waitForExit(within: .seconds(15))
        process.end()
        directory.remove()
        Leftovers.shared.forget(directory.path)
        return exit
    }
}
