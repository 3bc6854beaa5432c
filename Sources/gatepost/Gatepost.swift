internal import ArgumentParser

/// `gatepost`
struct Gatepost: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatepost", abstract: "A Dovecot SASL auth server for Postfix, Exim and others.",
        version: "0.1.0",
        subcommands: [
            ServeCommand.self, ConfigCommand.self, AuthCommand.self, PwCommand.self, PasswdCommand.self,
        ])
}
