extension AuthConfiguration {
    /// Reads a configuration file in Dovecot's language, with all that it includes.
    ///
    /// Settings of services other than auth are skipped, and one of the ``LoadedConfiguration/notices`` names them.
    ///
    /// - Parameters:
    ///   - path: The file, absolute, or relative to the current directory.
    ///   - files: Where files and environment come from; ``LocalConfigurationFiles`` for this machine's.
    /// - Returns: The settings, the notices and the paths of the files read.
    /// - Throws: ``ConfigurationErrors`` with everything that is wrong, in the order of the files.
    public static func load(
        path: String, files: some ConfigurationFiles
    ) throws(ConfigurationErrors) -> LoadedConfiguration {
        var reader = ConfigurationReader(files: files)
        let root = reader.read(path)
        var interpreter = ConfigurationInterpreter(files: files, dialect: reader.dialect)
        interpreter.interpret(root)
        let configuration = interpreter.finish()

        var errors = reader.errors + interpreter.errors
        guard errors.isEmpty else {
            let order = Dictionary(reader.paths.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            errors.sort { left, right in
                let files = (order[left.location.file] ?? 0, order[right.location.file] ?? 0)
                return files.0 == files.1 ? left.location.line < right.location.line : files.0 < files.1
            }
            throw ConfigurationErrors(errors)
        }
        return LoadedConfiguration(
            configuration: configuration, notices: reader.notices + interpreter.notices, files: reader.paths)
    }
}
