internal import ArgumentParser
internal import DovecotConfiguration
internal import GatepostDaemon

/// `gatepost serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve logins, in the foreground.",
        discussion: """
            SIGHUP reads configuration and users again, SIGUSR1 opens the log files again, SIGTERM answers what is open \
            and ends.
            """)

    @OptionGroup var file: ConfigurationFileOption

    @Option(name: .customLong("log-level"), help: "The least level to log: debug, info, warning, error, …")
    var logLevel: String?

    mutating func run() async throws {
        do {
            try await Daemon(configurationPath: try file.path(), logLevel: logLevel).run()
        } catch {
            try Diagnostics.exit(reporting: error)
        }
    }
}
