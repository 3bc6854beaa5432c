internal import ArgumentParser
internal import DovecotConfiguration
internal import GatepostDaemon

/// `gatepost config`
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check a configuration, and print what differs from the defaults, as doveconf -n does.")

    @OptionGroup var file: ConfigurationFileOption

    mutating func run() throws {
        do {
            let path = try file.path()
            let loaded = try AuthConfiguration.load(path: path, files: LocalConfigurationFiles())
            print("# \(path)")
            print(ConfigurationPrinter().text(loaded.configuration), terminator: "")
            for notice in loaded.notices { Diagnostics.write("gatepost: \(notice)") }
            for notice in try ConfigurationCheck.notices(loaded.configuration) { Diagnostics.write("gatepost: \(notice)") }
        } catch {
            try Diagnostics.exit(reporting: error)
        }
    }
}
