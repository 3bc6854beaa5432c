internal import ArgumentParser
internal import DovecotConfiguration
internal import GatepostDaemon

/// `gatepost config`
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check a configuration, and print what differs from the defaults, as doveconf -n does.",
        discussion: "Exits 0, 78 if the configuration is wrong, or 1 if it can't be printed.")

    /// A Dovecot whose words the output may be in.
    enum Words: String, ExpressibleByArgument {
        case dovecot24 = "2.4"
    }

    @OptionGroup var file: ConfigurationFileOption

    @Option(help: "Print a configuration of Dovecot 2.3 in the words of Dovecot 2.4.")
    var to: Words?

    mutating func run() throws {
        do {
            let path = try file.path()
            let loaded = try AuthConfiguration.load(path: path, files: LocalConfigurationFiles())
            // Not by print, which says nothing of a full disk.
            func show(_ text: String) { PwOutput.write(Array(text.utf8).span) }
            show("# \(path)\n")
            if to == .dovecot24 {
                let conversion = try ConfigurationConversion(loaded.configuration)
                show(ConfigurationPrinter().text(conversion.configuration, storageVersion: true))
                for notice in conversion.notices { Diagnostics.write("gatepost: \(notice)") }
            } else {
                show(ConfigurationPrinter().text(loaded.configuration))
            }
            for notice in loaded.notices { Diagnostics.write("gatepost: \(notice)") }
            for notice in try ConfigurationCheck.notices(loaded) { Diagnostics.write("gatepost: \(notice)") }
        } catch {
            try Diagnostics.exit(reporting: error)
        }
    }
}
