import DovecotConfiguration
import Testing

/// No setting is parsed and ignored: each that the table calls implemented makes another server of a configuration.
///
/// A setting that is new in the table is found here by itself, and fails until it has a use that
/// ``ServerFingerprint`` sees.
@Suite("Settings and what they change")
struct SettingsInUseTests {
    private let directory: TestDirectory

    init() throws {
        directory = try TestDirectory()
        try directory.write("alice:{PLAIN}secret:1000:1000::/home/alice::own=yes\ndora:secret\n", to: "users")
        try directory.write("bob:{PLAIN}secret:1001:1001::/home/bob\n", to: "others")
    }

    /// What makes a setting visible: lines that stand before it, and a value other than that which those lines or the
    /// default have.
    private struct Change {
        var lines = ""
        var value: String?
    }

    /// Where the kind of a setting says too little. DIR is the directory of the two files.
    private static let changes: [String: Change] = [
        "auth_mechanisms": Change(value: "login"),
        "auth_realms": Change(value: "example.com"),
        "auth_username_chars": Change(value: "abcdefghijklmnopqrstuvwxyz*"),
        "auth_username_translation": Change(value: ",."),
        "auth_username_format": Change(value: "%n"),
        "auth_master_user_separator": Change(value: "*"),
        "auth_anonymous_username": Change(value: ""),
        "auth_verbose_passwords": Change(value: "sha1"),
        "auth_cache_ttl": Change(lines: "auth_cache_size = 1M"),
        "auth_cache_negative_ttl": Change(lines: "auth_cache_size = 1M"),
        "base_dir": Change(value: "/run/elsewhere"),
        "log_path": Change(value: "DIR/log"),
        "info_log_path": Change(value: "DIR/info"),
        "debug_log_path": Change(value: "DIR/debug"),
        "log_timestamp": Change(lines: "log_path = DIR/log", value: "%H "),
        "syslog_facility": Change(lines: "info_log_path = syslog", value: "local3"),
        // Every system has an account nobody, with a large number, and one of number 1.
        "first_valid_uid": Change(lines: "userdb {\ndriver = passwd\n}", value: "1"),
        "last_valid_uid": Change(lines: "userdb {\ndriver = passwd\n}", value: "600"),
        "first_valid_gid": Change(lines: "userdb {\ndriver = passwd\n}", value: "4294967295"),
        "last_valid_gid": Change(lines: "userdb {\ndriver = passwd\n}", value: "1"),
        "gatepost_shadow_expiry": Change(lines: "auth_cache_size = 0\npassdb {\ndriver = shadow\n}"),
        "gatepost_scram_iterations": Change(value: "5000"),
        "gatepost_secret_file": Change(value: "DIR/secret"),
        "unix_listener mode": Change(value: "0660"),
        "unix_listener type": Change(value: "master"),
        "passdb driver": Change(lines: "args =\ndriver = shadow", value: "passwd"),
        "passdb args": Change(value: "scheme=PLAIN username_format=%n DIR/users"),
        "passdb passwd_file_path": Change(lines: "args =\npasswd_file_path = DIR/users", value: "DIR/others"),
        "passdb auth_username_format": Change(value: "%n"),
        "passdb default_fields": Change(value: "a=b"),
        "passdb override_fields": Change(value: "a=b"),
        "passdb use_cache": Change(lines: "driver = shadow\nargs ="),
        "passdb default_password_scheme": Change(value: "PLAIN"),
        "passdb static_password": Change(lines: "driver = static\nargs = a=b", value: "secret"),
        "passdb mechanisms": Change(value: "cram-md5"),
        "passdb username_filter": Change(value: "!alice"),
        "passdb pass": Change(value: "yes"),
        "userdb driver": Change(lines: "args =\ndriver = passwd", value: "prefetch"),
        "userdb args": Change(value: "DIR/others"),
        "userdb passwd_file_path": Change(lines: "args =\npasswd_file_path = DIR/users", value: "DIR/others"),
        "userdb auth_username_format": Change(value: "%n"),
        "userdb default_fields": Change(value: "a=b"),
        "userdb override_fields": Change(value: "a=b"),
        "userdb use_cache": Change(lines: "driver = passwd\nargs ="),
        "userdb static_allow_all_users": Change(lines: "driver = static\nargs = uid=1"),
    ]

    /// A value that is not the default, of a setting's kind.
    private func value(_ definition: SettingDefinition) -> String {
        switch definition.kind {
        case .boolean: definition.defaultValue == "yes" ? "no" : "yes"
        case .seconds, .milliseconds: "77 s"
        case .count: "77"
        case .size: "77 M"
        case .mode: "0660"
        case .choice(let words): words.last { $0 != definition.defaultValue } ?? ""
        case .text, .list: "nobody"
        }
    }

    /// A whole configuration with the lines in their section.
    private func configuration(_ section: SettingDefinition.Section, _ lines: String) -> String {
        func text(_ place: SettingDefinition.Section) -> String { place == section ? lines + "\n" : "" }
        return """
            auth_mechanisms = plain scram-sha-256
            auth_cache_size = 64k
            gatepost_login_cache_ttl = 1 min
            \(text(.global))passdb {
              driver = passwd-file
              args = DIR/users
            \(text(.passwordDatabase))}
            userdb {
              driver = passwd-file
              args = DIR/users
            \(text(.userDatabase))}
            service auth {
            \(text(.service))  unix_listener auth-client {
            \(text(.listener))  }
            }

            """.replacing("DIR", with: directory.path)
    }

    @Test("The same configuration makes the same server")
    func stable() async throws {
        let text = configuration(.global, "")
        #expect(try await ServerFingerprint(text).differences(from: ServerFingerprint(text)) == [])
    }

    @Test(
        "Each setting that is implemented changes the server",
        arguments: SettingTable.definitions.filter { $0.status == .implemented })
    func changes(definition: SettingDefinition) async throws {
        let title = definition.section == .global ? definition.name : "\(definition.section.rawValue) \(definition.name)"
        let change = Self.changes[title] ?? Change()
        let value = change.value ?? value(definition)
        let before = configuration(definition.section, change.lines)
        let after = configuration(definition.section, change.lines + "\n\(definition.name) = \(value)")
        let differences = try await ServerFingerprint(after).differences(from: ServerFingerprint(before))
        #expect(!differences.isEmpty, "\(title) = \(value) changes nothing")
    }

    @Test("No change is listed for a setting that isn't there")
    func listed() {
        let titles = SettingTable.definitions.map { $0.section == .global ? $0.name : "\($0.section.rawValue) \($0.name)" }
        #expect(Self.changes.keys.filter { !titles.contains($0) } == [])
    }
}
