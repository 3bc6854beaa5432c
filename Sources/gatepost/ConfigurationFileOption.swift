internal import ArgumentParser
internal import Glibc

/// `-c FILE`
struct ConfigurationFileOption: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The configuration, in Dovecot's words (default: /etc/gatepost/gatepost.conf, else "
                + "/etc/dovecot/dovecot.conf).", valueName: "file"))
    var config: String?

    static let defaults = ["/etc/gatepost/gatepost.conf", "/etc/dovecot/dovecot.conf"]

    /// The file that was named, or the first default that exists.
    func path() throws -> String { try Self.path(config) }

    /// The same for a name that was read otherwise.
    static func path(_ name: String?) throws -> String {
        if let name { return name }
        for path in defaults where unsafe access(path, F_OK) == 0 { return path }
        throw ValidationError("no configuration: write \(defaults[0]), or name a file with -c")
    }
}
