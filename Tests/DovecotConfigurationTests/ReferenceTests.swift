import DovecotConfiguration
import Foundation
import Testing

@Suite("The table of settings")
struct ReferenceTests {
    @Test("is what the documentation shows; run with GATEPOST_WRITE_SETTINGS=1 to write Settings.md anew")
    func documentation() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = "/\(root)/Sources/DovecotConfiguration/Documentation.docc/Settings.md"
        var page = String(decoding: try LocalConfigurationFiles().read(path), as: UTF8.self)
        if ProcessInfo.processInfo.environment["GATEPOST_WRITE_SETTINGS"] != nil {
            let end = try #require(page.range(of: "## Outside sections"))
            page = page[..<end.lowerBound] + SettingTable.reference
            try page.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(page.hasSuffix(SettingTable.reference))
    }

    @Test("names each setting once in its section")
    func unique() {
        for section in SettingDefinition.Section.allCases {
            let definitions = SettingTable.definitions.filter { $0.section == section }
            let names = definitions.map(\.name) + definitions.compactMap(\.newName)
            #expect(Set(names).count == names.count)
        }
    }

    @Test("says a line about each setting")
    func summaries() {
        #expect(SettingTable.definitions.allSatisfy { $0.summary.hasSuffix(".") && !$0.summary.contains("\n") })
    }

    /// The auth settings that `doveconf -d` 2.3.19.1 lists.
    @Test("has every auth setting of Dovecot 2.3.19", arguments: [
        "auth_anonymous_username", "auth_cache_negative_ttl", "auth_cache_size", "auth_cache_ttl",
        "auth_cache_verify_password_with_worker", "auth_debug", "auth_debug_passwords", "auth_default_realm",
        "auth_failure_delay", "auth_gssapi_hostname", "auth_krb5_keytab", "auth_master_user_separator",
        "auth_mechanisms", "auth_policy_check_after_auth", "auth_policy_check_before_auth", "auth_policy_hash_mech",
        "auth_policy_hash_nonce", "auth_policy_hash_truncate", "auth_policy_log_only", "auth_policy_reject_on_fail",
        "auth_policy_report_after_auth", "auth_policy_request_attributes", "auth_policy_server_api_header",
        "auth_policy_server_timeout_msecs", "auth_policy_server_url", "auth_proxy_self", "auth_realms",
        "auth_socket_path", "auth_ssl_require_client_cert", "auth_ssl_username_from_cert", "auth_stats",
        "auth_use_winbind", "auth_username_chars", "auth_username_format", "auth_username_translation",
        "auth_verbose", "auth_verbose_passwords", "auth_winbind_helper_path", "auth_worker_max_count",
    ])
    func complete(name: String) {
        #expect(SettingTable.definitions.contains { $0.section == .global && $0.name == name })
    }
}
