internal import ArgumentParser
internal import DovecotConfiguration
internal import GatepostDaemon

/// `gatepost serve`
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve logins, in the foreground.",
        discussion: """
            SIGHUP reads configuration and users again, SIGUSR1 opens the log files again, SIGTERM answers what is open \
            and ends.
            """)

    @OptionGroup var file: ConfigurationFileOption

    @Option(name: .customLong("log-level"), help: "The least level to log: debug, info, warning, error, …")
    var logLevel: String?

    /// Runs on the process's first thread, which is still the only one.
    mutating func run() throws {
        do {
            let daemon = try Daemon(configurationPath: try file.path(), logLevel: logLevel)
            let prepared = try daemon.prepare()
            EntryPoint.runForever {
                do {
                    try await daemon.serve(prepared)
                } catch {
                    try Diagnostics.exit(reporting: error)
                }
            }
        } catch {
            try Diagnostics.exit(reporting: error)
        }
    }
}
