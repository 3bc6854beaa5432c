extension SettingTable {
    static let logins: [Setting<ConfigurationDraft>] = [
        Setting(
            "auth_mechanisms", in: .global, .list, default: "plain", "SASL mechanisms to offer, in this order.",
            assign: { (root, text, _) throws(ValueError) in root.configuration.mechanisms = try mechanisms(text) },
            print: { root, _ in root.configuration.mechanisms.joined(separator: " ").lowercased() }),
        Setting(
            "auth_verbose", in: .global, .boolean, default: "no", "Log failed logins and why they failed.",
            assign: { (root, text, _) throws(ValueError) in
                root.configuration.verbose = try SettingValue.boolean(text)
            },
            // auth_debug implies it, so it goes without saying.
            print: { root, _ in SettingValue.text(root.configuration.verbose && !root.configuration.debug) }),
        .boolean(
            "auth_debug", in: .global, \.configuration.debug,
            "Log the conversation with mail servers, passwords hidden."),
        .boolean(
            "auth_debug_passwords", in: .global, \.configuration.debugPasswords,
            "Show passwords in the debug log."),
        Setting(
            "auth_verbose_passwords", in: .global, .text, default: "no",
            "Log the password of a failed login: plain (or yes) or sha1, with :N behind it only N characters.",
            assign: { (root, text, _) throws(ValueError) in
                root.configuration.verbosePasswords = try PasswordLogging(text)
            },
            print: { root, _ in root.configuration.verbosePasswords.text }),
        .time(
            "auth_failure_delay", in: .global, \.configuration.failureDelay, default: .seconds(2), milliseconds: false,
            mayBeZero: true, "Wait this long before a refusal is sent."),
        .time(
            "auth_internal_failure_delay", in: .global, \.configuration.internalFailureDelay, default: .seconds(2),
            milliseconds: true, mayBeZero: true,
            "Wait this long, and by chance up to half as long again, before a temporary failure is told."),
        .text(
            "auth_username_chars", in: .global, \.configuration.usernameCharacters,
            default: AuthConfiguration.defaultUsernameCharacters, "Characters a login name may hold; empty for all."),
        .text(
            "auth_username_translation", in: .global, \.configuration.usernameTranslation, default: "",
            "Pairs of characters, from and to, replaced in login names.",
            check: { (text) throws(ValueError) in
                guard text.utf8.count.isMultiple(of: 2) else {
                    throw ValueError("write pairs of characters, each followed by its replacement")
                }
                return text
            }),
        Setting(
            "auth_username_format", in: .global, .text, default: "%Lu", "Template for the final login name.",
            assign: { (root, text, dialect) throws(ValueError) in
                root.configuration.usernameFormat = try TemplateText(
                    text: text, syntax: TemplateText.syntax(of: text, in: dialect)
                ).checked()
            },
            print: { root, _ in root.configuration.usernameFormat.text }),
        .text(
            "auth_default_realm", new: "auth_default_domain", in: .global, \.configuration.defaultRealm, default: "",
            "Domain added to login names without @."),
        Setting(
            "auth_realms", in: .global, .list, default: "", "Realms that DIGEST-MD5 offers.",
            assign: { root, text, _ in
                root.configuration.realms = text.split { $0 == " " || $0 == "," || $0 == "\t" }.map(String.init)
            },
            print: { root, _ in root.configuration.realms.joined(separator: " ") }),
        .text(
            "auth_master_user_separator", in: .global, \.configuration.masterUserSeparator, default: "",
            "Character between a user's and a master user's name; only the first one counts."),
        .text(
            "auth_anonymous_username", in: .global, \.configuration.anonymousUsername, default: "anonymous",
            "User name of anonymous logins; empty for none."),
        Setting(
            "auth_allow_weak_schemes", in: .global, .boolean, default: "yes",
            "Accept passwords stored in weak schemes; no is the default of 2.4.",
            assign: { (root, text, _) throws(ValueError) in
                root.configuration.allowsWeakSchemesIfSet = try SettingValue.boolean(text)
            },
            print: { root, dialect in
                SettingValue.text(root.configuration.allowsWeakSchemesIfSet ?? (dialect == .dovecot23))
            }),
        .boolean(
            "auth_ssl_require_client_cert", in: .global, \.configuration.requiresClientCertificate,
            "Refuse logins without a client certificate that the mail server has verified."),
        .boolean(
            "auth_ssl_username_from_cert", in: .global, \.configuration.takesUsernameFromCertificate,
            "Take the login name from the client's certificate, as the mail server tells it."),
        .refused(
            "auth_krb5_keytab", in: .global, .text, default: "", "Gatepost has no GSSAPI", "Keytab for GSSAPI."),
        .refused(
            "auth_gssapi_hostname", in: .global, .text, default: "", "Gatepost has no GSSAPI", "Host name for GSSAPI."),
        .refused(
            "auth_use_winbind", in: .global, .boolean, default: "no", "Gatepost has no NTLM", "NTLM through winbind."),
        .refused(
            "auth_winbind_helper_path", in: .global, .text, default: "/usr/bin/ntlm_auth", "Gatepost has no NTLM",
            "Program that speaks to winbind."),
        .refused(
            "auth_proxy_self", in: .global, .text, default: "", "Gatepost does not direct logins to other servers",
            "Addresses that are this server."),
    ]

    private static func mechanisms(_ text: String) throws(ValueError) -> [String] {
        var names: [String] = []
        for name in SettingValue.list(text).map({ $0.uppercased() }) {
            // RFC 4422, section 3.1: 1 to 20 letters, digits, hyphens and underscores.
            let isName = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                }
            }
            guard isName, name.utf8.count <= 20 else {
                throw ValueError("\"\(name.shortened)\" is not the name of a mechanism")
            }
            if !names.contains(name) { names.append(name) }
        }
        guard !names.isEmpty else { throw ValueError("name at least one mechanism, such as plain") }
        return names
    }

    static let policy: [Setting<ConfigurationDraft>] = [
        ("auth_policy_server_url", .text, "", "Address of the policy server."),
        ("auth_policy_server_api_header", .text, "", "Header for the policy server."),
        ("auth_policy_server_timeout_msecs", .count, "2000", "Patience with the policy server."),
        ("auth_policy_hash_mech", .text, "sha256", "Hash of the password for the policy server."),
        ("auth_policy_hash_nonce", .text, "", "Salt of that hash."),
        ("auth_policy_hash_truncate", .count, "12", "Bits of that hash to send."),
        ("auth_policy_reject_on_fail", .boolean, "no", "Refuse logins when the policy server fails."),
        ("auth_policy_check_before_auth", .boolean, "yes", "Ask before the password is checked."),
        ("auth_policy_check_after_auth", .boolean, "yes", "Ask after the password was checked."),
        ("auth_policy_report_after_auth", .boolean, "yes", "Report the result."),
        ("auth_policy_log_only", .boolean, "no", "Only log what the policy server says."),
        (
            "auth_policy_request_attributes", .text,
            "login=%{requested_username} pwhash=%{hashed_password} remote=%{rip} device_id=%{client_id} protocol=%s "
                + "session_id=%{session}", "What the policy server is told."
        ),
    ].map { (name: String, kind: SettingDefinition.Kind, value: String, summary: String) in
        .refused(name, in: .global, kind, default: value, "Gatepost does not ask policy servers yet", summary)
    }
}
