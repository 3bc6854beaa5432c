/// What ``AuthConfiguration/load(path:files:)`` found.
public struct LoadedConfiguration: Sendable, Equatable {
    /// The settings in force.
    public var configuration: AuthConfiguration

    /// Lines for the log, none of them an error: what was skipped, and what may have been meant differently.
    public var notices: [String]

    /// Every file that was read, in order, as it was opened.
    public var files: [String]

    /// Where settings outside sections and those of `service auth` (`service/auth/user`) have their values from, by their
    /// names in Dovecot 2.3; nothing for defaults.
    public var places: [String: SourceLocation]

    /// What was found in the given files.
    public init(
        configuration: AuthConfiguration, notices: [String], files: [String], places: [String: SourceLocation] = [:]
    ) {
        self.configuration = configuration
        self.notices = notices
        self.files = files
        self.places = places
    }
}
