import DovecotConfiguration
import Testing

@Suite("From 2.3 to 2.4")
struct ConversionTests {
    private let printer = ConfigurationPrinter()

    private func converted(_ text: String) throws -> String {
        printer.text(try ConfigurationConversion(try load(text).configuration).configuration, storageVersion: true)
    }

    @Test("A configuration as the guides have it")
    func guide() throws {
        let text = """
            auth_mechanisms = plain login
            auth_default_realm = example.org
            auth_verbose_passwords = sha1:6
            disable_plaintext_auth = no
            passdb {
              driver = passwd-file
              args = scheme=PLAIN-MD5 username_format=%n /etc/dovecot/%Ld/users
              deny = yes
              mechanisms = plain none
              default_fields = home=/srv/%d/%n
              override_fields = allow_nets=10.0.0.0/8 nologin
              result_failure = return-fail
            }
            passdb {
              driver = passwd-file
              args = /etc/dovecot/users
              pass = yes
            }
            passdb {
              driver = static
              args = password=%{env:PASS} user=%Lu
            }
            userdb {
              driver = static
              args = uid=vmail gid=vmail home=/srv/mail/%d/%n
            }
            service auth {
              unix_listener /var/spool/postfix/private/auth {
                mode = 0660
                user = postfix
              }
              unix_listener my-login {
                mode = 0666
              }
            }
            service anvil {
              unix_listener anvil-auth-penalty {
                mode = 0
              }
            }
            protocol imap {
              auth_username_format = %Ln
            }
            """
        #expect(
            try converted(text) == """
                dovecot_config_version = 2.4.0
                dovecot_storage_version = 2.4.0
                auth_allow_cleartext = yes
                auth_allow_weak_schemes = yes
                auth_default_domain = example.org
                auth_mechanisms = plain login
                auth_verbose_passwords = sha1:6
                gatepost_penalty = no
                passdb passwd-file {
                  auth_username_format = %{user | username}
                  default_password_scheme = PLAIN-MD5
                  deny = yes
                  fields {
                    home:default = /srv/%{user | domain}/%{user | username}
                    allow_nets = 10.0.0.0/8
                    nologin =\u{20}
                  }
                  mechanisms_filter = plain lookup
                  passwd_file_path = /etc/dovecot/%{user | domain | lower}/users
                  result_failure = return-fail
                }
                passdb passwd-file-2 {
                  driver = passwd-file
                  passwd_file_path = /etc/dovecot/users
                  result_success = continue
                }
                passdb static {
                  fields {
                    user = %{user | lower}
                  }
                  static_password = %{env:PASS}
                }
                protocol imap {
                  auth_username_format = %{user | username | lower}
                }
                service auth {
                  unix_listener /var/spool/postfix/private/auth {
                    mode = 0660
                    user = postfix
                  }
                  unix_listener my-login {
                    mode = 0666
                    type = login
                  }
                }
                userdb static {
                  fields {
                    uid = vmail
                    gid = vmail
                    home = /srv/mail/%{user | domain}/%{user | username}
                  }
                }

                """)
    }

    @Test("What is printed reads back equal", arguments: 0..<400)
    func roundTrip(seed: UInt64) throws {
        var random = RandomConfiguration(seed: seed)
        var old = random.configuration()
        while old.dialect == .dovecot24 { old = random.configuration() }
        guard let conversion = try? ConfigurationConversion(old) else { return }
        let printed = printer.text(conversion.configuration, storageVersion: true)
        let read = withoutLocations(try load(printed).configuration)
        let expected = withoutLocations(conversion.configuration)
        #expect(read == expected, "\(firstDifference(read, expected))\n\(printed)")
    }

    @Test("What 2.4 has no words for is said, all of it, with its place")
    func problems() throws {
        let text = """
            auth_username_format = %Hu
            passdb {
              driver = passwd-file
              args = /etc/%Tn/users
            }
            """
        let failure = #expect(throws: ConfigurationConversion.Failure.self) { try converted(text) }
        #expect(
            failure?.messages == [
                "auth_username_format: \"%Hu\": Dovecot 2.4 has no H; N is another hash, which it has",
                "/etc/d.conf:2: passdb: args: \"/etc/%Tn/users\": Dovecot 2.4 has no T, which drops blanks at the end",
            ])
    }

    @Test("What 2.4 does otherwise is said")
    func notices() throws {
        let text = "passdb {\n  driver = shadow\n}\nauth_username_format = %5u\n"
        #expect(
            try ConfigurationConversion(try load(text).configuration).notices == [
                "auth_username_format: \"%5u\": substr of 2.4 fails where the value is too short for the part, 2.3 takes "
                    + "what there is",
                "auth_allow_weak_schemes = yes keeps passwords in weak schemes good, which 2.4 refuses by default",
                "/etc/d.conf:1: Dovecot 2.4 itself has no shadow driver, Gatepost has it in 2.4's words, too",
            ])
    }

    @Test("A configuration of 2.4 stays as it is")
    func already() throws {
        let configuration = try load("dovecot_config_version = 2.4.1\nauth_verbose = yes\n").configuration
        #expect(try ConfigurationConversion(configuration).configuration == configuration)
    }

    /// The names of `auth-settings.c`, `db-passwd-file.c`, `master-service-settings.c`, `master-settings.c`,
    /// `login-settings.c` and `service-settings.c` of 2.4.1.
    private static let names: Set<String> = [
        "auth_mechanisms", "auth_realms", "auth_default_domain", "auth_cache_size", "auth_cache_ttl",
        "auth_cache_negative_ttl", "auth_cache_verify_password_with_worker", "auth_username_chars",
        "auth_username_translation", "auth_username_format", "auth_master_user_separator", "auth_anonymous_username",
        "auth_failure_delay", "auth_internal_failure_delay", "auth_verbose", "auth_debug", "auth_debug_passwords",
        "auth_allow_weak_schemes", "auth_verbose_passwords", "auth_ssl_require_client_cert",
        "auth_ssl_username_from_cert", "auth_allow_cleartext", "base_dir", "default_internal_user",
        "default_client_limit", "log_path", "info_log_path", "debug_log_path", "log_timestamp", "syslog_facility",
        "dovecot_config_version", "dovecot_storage_version", "client_limit", "user", "group", "extra_groups", "mode",
        "type", "driver", "passwd_file_path", "default_password_scheme", "static_password", "static_allow_all_users",
        "fields_import_all", "mechanisms_filter", "username_filter", "skip", "result_success", "result_failure",
        "result_internalfail", "deny", "master", "use_cache", "first_valid_uid", "last_valid_uid", "first_valid_gid",
        "last_valid_gid",
    ]

    @Test("Every name that is printed is 2.4's, or Gatepost's own", arguments: 0..<200)
    func names(seed: UInt64) throws {
        var random = RandomConfiguration(seed: seed)
        var old = random.configuration()
        while old.dialect == .dovecot24 { old = random.configuration() }
        guard let conversion = try? ConfigurationConversion(old) else { return }
        var isInFields = false
        for line in printer.text(conversion.configuration, storageVersion: true).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words == ["fields", "{"] { isInFields = true }
            if words == ["}"] { isInFields = false }
            guard !isInFields, words.count > 1, words[1] == "=" else { continue }
            #expect(Self.names.contains(String(words[0])) || words[0].hasPrefix("gatepost_"), "\(line)")
        }
    }
}
