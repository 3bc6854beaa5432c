internal import ArgumentParser
internal import Glibc

/// Where the process begins.
///
/// Not an `async` main: that gives the first thread away before `serve` could give up its privileges on it.
@main
enum EntryPoint {
    static func main() {
        do {
            if let plain = PlainServeArguments(CommandLine.arguments) {
                return try ServeCommand.serve(configuration: plain.configuration, logLevel: plain.logLevel)
            }
            var command = try Gatepost.parseAsRoot()
            guard let command = command as? any AsyncParsableCommand else { return try command.run() }
            // Moved into the one task that uses it.
            nonisolated(unsafe) var asynchronous = command
            runForever { try await unsafe asynchronous.run() }
        } catch {
            Gatepost.exit(withError: error)
        }
    }

    /// Runs `body` on other threads and ends the process with it.
    static func runForever(_ body: @escaping @Sendable () async throws -> Void) -> Never {
        Task.detached {
            do {
                try await body()
                Gatepost.exit()
            } catch {
                Gatepost.exit(withError: error)
            }
        }
        while true { pause() }
    }
}
