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

            Exits 0 when it was told to end, 78 if the configuration is wrong and will be the next time, and 1 for what may \
            pass: a socket in use, a missing directory, a lack of rights.
            """)

    @OptionGroup var file: ConfigurationFileOption

    @Option(name: .customLong("log-level"), help: "The least level to log: debug, info, warning, error, …")
    var logLevel: String?

    mutating func run() throws { try Self.serve(configuration: file.config, logLevel: logLevel) }

    /// Runs on the process's first thread, which is still the only one.
    static func serve(configuration: String?, logLevel: String?) throws {
        do {
            let path = try ConfigurationFileOption.path(configuration)
            let daemon = try Daemon(configurationPath: path, logLevel: logLevel)
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
