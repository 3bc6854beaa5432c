import DovecotConfiguration

@testable import GatepostDaemon

/// Suites that plan servers from the texts of configurations.
protocol ConfigurationPlanning {}

extension ConfigurationPlanning {
    static var passdb: String { "passdb {\n  driver = passwd-file\n  args = /etc/users\n}\n" }
    static var listener: String {
        "service auth {\n  unix_listener /run/a/auth-client {\n    mode = 0660\n    user = postfix\n    group = mail\n  }\n}\n"
    }

    func load(_ text: String) throws -> LoadedConfiguration {
        try AuthConfiguration.load(path: "/etc/d.conf", files: OneFile(text))
    }

    func configuration(_ text: String) throws -> AuthConfiguration {
        try load(text).configuration
    }

    func plan(_ text: String) throws -> ServerPlan {
        try ServerPlan(configuration(text), pool: nil) { _ in }
    }

    func error(_ text: String) throws -> String {
        let configuration = try configuration(text)
        do throws(DaemonError) {
            _ = try ServerPlan(configuration, pool: nil) { _ in }
            return ""
        } catch {
            return error.description
        }
    }
}
