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
        Row(name: "userdb: variables in the path of a passwd-file") {
            $0.userDatabases.contains {
                if case .passwdFile(let file) = $0.driver { file.path.hasVariables } else { false }
            }
        },
    ]

    /// - Throws: ``DaemonError`` that names what the configuration uses of these.
    static func refuse(_ configuration: AuthConfiguration) throws(DaemonError) {
        let used = rows.filter { $0.isUsed(configuration) }.map(\.name)
        guard used.isEmpty else {
            throw DaemonError("not supported yet: \(used.joined(separator: "; ")); leave it out")
        }
    }
}
