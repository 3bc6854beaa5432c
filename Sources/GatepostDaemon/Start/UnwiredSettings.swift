internal import DovecotConfiguration

/// What a configuration can say and the server does not do yet: refused by name, never ignored.
///
/// Whoever builds a feature deletes its row; the last one deletes this file.
enum UnwiredSettings {
    /// One setting, and how to find out whether a configuration needs it.
    private struct Row {
        let name: String
        let isUsed: @Sendable (AuthConfiguration) -> Bool
    }

    private static let rows: [Row] = [
        Row(name: "auth_master_user_separator") { !$0.masterUserSeparator.isEmpty },
        Row(name: "protocol sections with auth settings, passdb or userdb") { !$0.protocols.isEmpty },
        passdb("driver passwd") { $0.driver == .passwd },
        passdb("driver static") { if case .static = $0.driver { true } else { false } },
        passdb("variables in the path of a passwd-file") {
            if case .passwdFile(let file) = $0.driver { file.path.hasVariables } else { false }
        },
        passdb("deny") { $0.rules.deny },
        passdb("master") { $0.rules.master },
        passdb("skip") { $0.rules.skip != .never },
        passdb("pass, result_success, result_failure or result_internalfail") {
            let rules = $0.rules
            return rules.resultSuccess != .returnOK || rules.resultFailure != .continue
                || rules.resultInternalFailure != .continue
        },
        passdb("mechanisms") { $0.rules.mechanisms != nil },
        passdb("username_filter") { !$0.rules.usernameFilter.isEmpty },
        passdb("default_fields") { !$0.defaultFields.isEmpty },
        passdb("override_fields, fields") { !$0.overrideFields.isEmpty },
        passdb("fields_import_all") { !$0.importsAllFields },
        passdb("auth_verbose") { $0.verbose != nil },
    ]

    private static func passdb(
        _ name: String, _ isUsed: @escaping @Sendable (PasswordDatabaseSettings) -> Bool
    ) -> Row {
        Row(name: "passdb: \(name)") { $0.passwordDatabases.contains(where: isUsed) }
    }

    /// - Throws: ``DaemonError`` that names what the configuration uses of these.
    static func refuse(_ configuration: AuthConfiguration) throws(DaemonError) {
        let used = rows.filter { $0.isUsed(configuration) }.map(\.name)
        guard used.isEmpty else {
            throw DaemonError("not supported yet: \(used.joined(separator: "; ")); leave it out")
        }
    }
}
