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
        var configuration = interpreter.finish()
        var errors = reader.errors + interpreter.errors
        var notices = reader.notices + interpreter.notices
        configuration.protocols = protocols(
            interpreter, root: root, errors: &errors, notices: &notices, outside: configuration)

        guard errors.isEmpty else {
            errors += reader.unsetVariables
            let order = Dictionary(reader.paths.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            errors.sort { left, right in
                let files = (order[left.location.file] ?? 0, order[right.location.file] ?? 0)
                return files.0 == files.1 ? left.location.line < right.location.line : files.0 < files.1
            }
            for (index, error) in errors.enumerated() {
                guard let stray = reader.strays[error.location] else { continue }
                errors[index].message += "; \(stray.explanation)"
            }
            throw ConfigurationErrors(errors)
        }
        notices = reader.unsetVariables.map(\.description) + notices
        return LoadedConfiguration(
            configuration: configuration, notices: notices, files: reader.paths, places: interpreter.places)
    }

    /// What is in force for each protocol that the files name, if that differs from what stands outside.
    ///
    /// The files are gone through once more for each, so that all rules hold inside its sections, too.
    private static func protocols<Files: ConfigurationFiles>(
        _ interpreter: ConfigurationInterpreter<Files>, root: RawSection,
        errors: inout [ConfigurationErrors.Entry], notices: inout [String], outside: AuthConfiguration
    ) -> [ProtocolConfiguration] {
        var found: [ProtocolConfiguration] = []
        for name in interpreter.protocolNames {
            var own = ConfigurationInterpreter(
                files: interpreter.files, dialect: interpreter.dialect, protocolName: name)
            own.interpret(root)
            found.append(ProtocolConfiguration(name: name, configuration: own.finish()))
            // What is wrong outside has been said.
            for error in own.errors where !errors.contains(error) { errors.append(error) }
            for notice in own.notices where !notices.contains(notice) { notices.append(notice) }
        }
        guard found.contains(where: { $0.configuration != outside }) else { return [] }
        // A protocol without changes counts only by not being one of those that a `!` section is for.
        let hasNegation = found.contains { $0.name.hasPrefix("!") }
        return hasNegation ? found : found.filter { $0.configuration != outside }
    }
}
