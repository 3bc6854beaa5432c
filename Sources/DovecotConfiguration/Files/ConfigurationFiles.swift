/// The world outside a configuration: its files and the environment.
public protocol ConfigurationFiles {
    /// The whole content of a file.
    ///
    /// - Throws: ``FileReadError`` with the system's text for the reason.
    func read(_ path: String) throws(FileReadError) -> [UInt8]

    /// The paths that match a shell pattern, braces included, sorted by their bytes but for the order
    /// of the words in braces; empty if none does.
    func glob(_ pattern: String) -> [String]

    /// The value of an environment variable, for `$ENV:name`; `nil` if it is not set.
    func environmentVariable(_ name: String) -> String?
}
