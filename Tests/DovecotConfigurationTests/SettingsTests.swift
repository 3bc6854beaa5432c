import DovecotConfiguration
import Testing

@Suite("Settings become typed values")
struct SettingsTests {
    private func configuration(_ text: String) throws -> AuthConfiguration {
        try load(text).configuration
    }

    @Test("An empty file has every default")
    func defaults() throws {
        let loaded = try load("")
        #expect(loaded.configuration == AuthConfiguration())
        #expect(loaded.notices.isEmpty)
        let configuration = loaded.configuration
        #expect(configuration.mechanisms == ["PLAIN"])
        #expect(configuration.failureDelay == .seconds(2))
        #expect(configuration.usernameFormat == TemplateText(text: "%Lu", syntax: .dovecot23))
        #expect(configuration.logPath == "syslog")
        #expect(configuration.syslogFacility == "mail")
        #expect(configuration.baseDirectory == "/run/gatepost")
        #expect(configuration.clientLimit == 1000)
        #expect(configuration.requestDeadline == .seconds(8))
        #expect(configuration.handshakeTimeout == .seconds(30))
        #expect(configuration.exchangeTimeout == .seconds(150))
        #expect(configuration.maximumRequestsInFlight == 200)
        #expect(configuration.hashThreads == 0)
        #expect(configuration.hashQueueLimit == 1000)
        #expect(configuration.scramIterations == 4096)
    }

    @Test("Mechanisms are upper-case, in order, each once")
    func mechanisms() throws {
        #expect(try configuration("auth_mechanisms = Login, plain LOGIN\n").mechanisms == ["LOGIN", "PLAIN"])
    }

    @Test("auth_debug implies auth_verbose, and auth_debug_passwords implies both, as in Dovecot")
    func implied() throws {
        let debug = try configuration("auth_debug = yes\n")
        #expect(debug.verbose && debug.debug && !debug.debugPasswords)
        let passwords = try configuration("auth_debug_passwords = yes\n")
        #expect(passwords.verbose && passwords.debug && passwords.debugPasswords)
    }

    @Test("Gatepost's own settings")
    func own() throws {
        let configuration = try configuration(
            """
            gatepost_request_deadline = 500 msecs
            gatepost_handshake_timeout = 0
            gatepost_exchange_timeout = 1 min
            gatepost_max_requests_in_flight = 7
            gatepost_hash_threads = 3
            gatepost_hash_queue_limit = 9
            gatepost_scram_iterations = 10000
            service auth {
              unix_listener a {
                gatepost_temporary_failure = close
              }
              unix_listener b {
                gatepost_temporary_failure = reply
              }
              unix_listener c {
                gatepost_temporary_failure = auto
              }
            }
            """)
        #expect(configuration.requestDeadline == .milliseconds(500))
        #expect(configuration.handshakeTimeout == .zero)
        #expect(configuration.exchangeTimeout == .seconds(60))
        #expect(configuration.maximumRequestsInFlight == 7)
        #expect(configuration.hashThreads == 3)
        #expect(configuration.hashQueueLimit == 9)
        #expect(configuration.scramIterations == 10_000)
        #expect(configuration.listeners.map(\.temporaryFailure) == [.close, .reply, .automatic])
    }

    @Test("The service's account, groups and limit")
    func service() throws {
        let configuration = try configuration(
            """
            default_internal_user = dovecot
            service auth {
              user = root
              group = mail
              extra_groups = shadow, ssl-cert
              client_limit = 0
            }
            default_client_limit = 77
            """)
        #expect(configuration.serviceUser == "root")
        #expect(configuration.serviceGroup == "mail")
        #expect(configuration.extraGroups == ["shadow", "ssl-cert"])
        #expect(configuration.clientLimit == 77)
        #expect(try self.configuration("default_internal_user = dovecot\n").serviceUser == "dovecot")
        let limits = "service auth {\n  client_limit = 5\n}\ndefault_client_limit = 9\n"
        #expect(try self.configuration(limits).clientLimit == 5)
    }

    /// 2.3: `reference/dovecot-auth.md` (a), Socket types.
    @Test(
        "In 2.3 the kind of a socket comes from its name",
        arguments: [
            ("/var/spool/postfix/private/auth", UnixListener.Kind.client), ("auth-client", .client),
            ("/x/dovecot-login", .login), ("/x/login", .login), ("sasl-master", .master), ("auth-userdb", .userdb),
            ("/x/auth-chasquid-userdb", .userdb), ("token", .token), ("token-login/tokenlogin", .token),
            ("/x/login/auth", .client), ("loginx", .client),
        ])
    func kinds(name: String, kind: UnixListener.Kind) throws {
        let text = "service auth {\n  unix_listener \(name) {\n    mode = 0600\n  }\n}\n"
        #expect(try configuration(text).listeners.map(\.kind) == [kind])
    }

    @Test("In 2.4 the kind of a socket is its type, auth without one")
    func types() throws {
        let text = """
            dovecot_config_version = 2.4.1
            service auth {
              unix_listener a-login {
              }
              unix_listener b {
                type = login
              }
              unix_listener c {
                unix_listener_type = auth-legacy
              }
            }
            """
        #expect(try configuration(text).listeners.map(\.kind) == [.client, .login, .client])
    }

    @Test("A socket of mode 0 is switched off, as in Dovecot")
    func switchedOff() throws {
        #expect(try configuration("service auth {\n  unix_listener a {\n    mode = 0\n  }\n}\n").listeners.isEmpty)
    }

    @Test("Relative sockets lie in base_dir, wherever in the file that stands")
    func baseDirectory() throws {
        let text = "service auth {\n  unix_listener a {\n    mode = 0600\n  }\n}\nbase_dir = /srv/auth/\n"
        #expect(try configuration(text).listeners.map(\.path) == ["/srv/auth/a"])
    }

    @Test("A passwd-file's args: words in any order, then the path with all its spaces")
    func arguments() throws {
        let text = """
            passdb {
              driver = passwd-file
              args = username_format=%n scheme=sha256 /etc/my users
              name = first
            }
            """
        let format = TemplateText(text: "%n", syntax: .dovecot23)
        var expected = PasswordDatabaseSettings(
            driver: .passwdFile(.init(path: "/etc/my users", defaultScheme: "SHA256", usernameFormat: format)),
            name: "first", location: SourceLocation(file: "/etc/d.conf", line: 1))
        expected.schemeLocation = SourceLocation(file: "/etc/d.conf", line: 3)
        #expect(try configuration(text).passwordDatabases == [expected])
    }

    @Test(
        "2.4's words for a passwd-file, with and without 2.4's version line",
        arguments: ["", "dovecot_config_version = 2.4.1\n"])
    func newWords(version: String) throws {
        let text = version + """
            passdb users {
              passdb_driver = passwd-file
              passwd_file_path = /etc/users
              default_password_scheme = plain
              auth_username_format = %{user | username}
            }
            """
        let format = TemplateText(text: "%{user | username}", syntax: .dovecot24)
        let databases = try configuration(text).passwordDatabases
        #expect(databases.map(\.name) == ["users"])
        #expect(
            databases.map(\.driver) == [
                .passwdFile(
                    .init(
                        path: TemplateText(text: "/etc/users", syntax: version.isEmpty ? .dovecot23 : .dovecot24),
                        defaultScheme: "PLAIN", usernameFormat: format))
            ])
    }

    @Test("2.4: names, lists of yes and no, variables of the end, heredocs, quoted keys, merging")
    func newGrammar() throws {
        let files = MemoryFiles(
            [
                "/etc/d.conf": """
                dovecot_config_version = 2.4.1
                auth_default_domain = $SET:syslog_facility $ENV:WHO
                syslog_facility = auth
                auth_mechanisms {
                  login = yes
                  "plain" = no
                }
                auth_username_chars = <<END
                ab # c
                END
                "auth_verbose" = yes
                service auth {
                  service_client_limit = unlimited
                  extra_groups {
                    shadow = yes
                  }
                }
                passdb a {
                  driver = passwd-file
                }
                passdb a {
                  passwd_file_path = /x
                }
                log_path = $SET:log_path
                """
            ], environment: ["WHO": "me"])
        let configuration = try AuthConfiguration.load(path: "/etc/d.conf", files: files).configuration
        #expect(configuration.defaultRealm == "auth me")
        #expect(configuration.mechanisms == ["LOGIN"])
        #expect(configuration.usernameCharacters == "ab # c")
        #expect(configuration.verbose)
        #expect(configuration.clientLimit == Int(UInt32.max))
        #expect(configuration.extraGroups == ["shadow"])
        #expect(configuration.passwordDatabases.map(\.driver) == [.passwdFile(.init(path: TemplateText(text: "/x", syntax: .dovecot24)))])
        #expect(configuration.logPath == "syslog")
    }

    @Test(
        "The language of a login name template",
        arguments: [
            ("", "%Lu", TemplateText.Syntax.dovecot23), ("", "%{user}", .dovecot23),
            ("", "%{user | lower}", .dovecot24), ("dovecot_config_version = 2.4.0\n", "%{user}", .dovecot24),
        ])
    func template(version: String, text: String, syntax: TemplateText.Syntax) throws {
        let format = try configuration("\(version)auth_username_format = \(text)\n").usernameFormat
        #expect(format == TemplateText(text: text, syntax: syntax))
    }

    @Test("A file's final newline is no part of the value")
    func fileValue() throws {
        let files = MemoryFiles(["/etc/d.conf": "auth_default_realm = <sub/realm\n", "/etc/sub/realm": "example.org\n"])
        let configuration = try AuthConfiguration.load(path: "/etc/d.conf", files: files).configuration
        #expect(configuration.defaultRealm == "example.org")
    }

    @Test("Every refused setting is accepted with Dovecot's default")
    func refusedDefaults() throws {
        for definition in SettingTable.definitions where definition.section == .global {
            guard case .refused = definition.status else { continue }
            #expect(errors(in: "\(definition.name) = \"\(definition.defaultValue)\"\n") == [], "\(definition.name)")
        }
    }
}
