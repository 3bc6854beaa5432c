import AuthDatabases
import AuthEngine
import AuthServer
import DovecotConfiguration
import SASLMechanisms
import Testing

@testable import GatepostDaemon

@Suite("From a configuration to a server")
struct ServerPlanTests: ConfigurationPlanning {
    @Test("Templates may name the environment and the host")
    func constants() throws {
        let query = UserQuery(user: "alice")
        let home = try ServerPlan.template(TemplateText(text: "%{env:HOME}-%n", syntax: .dovecot23), "x")
        #expect(home.expand(query) == (LocalConfigurationFiles().environmentVariable("HOME") ?? "") + "-alice")
        let none = try ServerPlan.template(TemplateText(text: "%{env:NO_SUCH_NAME}", syntax: .dovecot24), "x")
        #expect(none.expand(query) == "")
        let host = try ServerPlan.template(TemplateText(text: "%{system:hostname}", syntax: .dovecot24), "x")
        #expect(!host.expand(query).isEmpty)
        #expect(throws: DaemonError.self) { try ServerPlan.template(TemplateText(text: "%w", syntax: .dovecot23), "x") }
    }

    @Test("Each socket for clients is a listener with its rights and its way to tell temporary failures")
    func listeners() throws {
        let plan = try plan(
            Self.passdb + Self.listener
                + "service auth {\n  unix_listener /run/a/other-client {\n    gatepost_temporary_failure = reply\n  }\n}\n")
        #expect(
            plan.listeners.map(\.address) == [
                .init(path: "/run/a/auth-client", mode: 0o660, user: "postfix", group: "mail"),
                .init(path: "/run/a/other-client", mode: 0o600),
            ])
        #expect(plan.listeners.map(\.temporaryFailure) == [.automatic, .reply])
    }

    @Test("The handshake of Dovecot 2.4, the penalty and the delay of internal failures are the configuration's")
    func policy() throws {
        let plan = try plan(
            Self.passdb + Self.listener + "auth_internal_failure_delay = 3 s\ngatepost_penalty = no\n"
                + "service auth {\n  unix_listener /run/a/other-client {\n    gatepost_greeting = version\n  }\n}\n")
        #expect(plan.listeners.map(\.greeting) == [.atConnect, .afterVersion])
        #expect(plan.settings.internalFailureDelay == .seconds(3))
        #expect(!plan.settings.usesPenalty)
        #expect(plan.settings.passwordLogging == AuthEngine.PasswordLogging())
        let logging = try self.plan(Self.passdb + Self.listener + "auth_verbose_passwords = sha1:6\n")
        #expect(logging.settings.passwordLogging == AuthEngine.PasswordLogging(.sha1, length: 6))
        #expect(try self.plan(Self.passdb + Self.listener).settings.usesPenalty)
    }

    @Test("A mechanism with channel binding that no socket can offer is told of, with the remedy", arguments: [
        ("connect", 1), ("version", 0),
    ])
    func channelBinding(greeting: String, notices: Int) throws {
        let plan = try plan(
            "auth_mechanisms = plain scram-sha-256-plus\ngatepost_secret_file = /var/lib/g/secret\n" + Self.passdb
                + "service auth {\n  unix_listener /run/a/auth-client {\n    gatepost_greeting = \(greeting)\n  }\n}\n")
        #expect(plan.notices.count == notices)
        #expect(plan.notices.allSatisfy { $0.contains("SCRAM-SHA-256-PLUS") && $0.contains("gatepost_greeting = version") })
    }

    @Test("Each kind of socket speaks its own protocol, by the name as in Dovecot", arguments: [
        ("auth-userdb", AuthServer.Listener.Kind.userdb), ("auth-master", .master), ("auth-client", .client), ("login/login", .login),
        ("/run/a/dovecot-login", .login),
        ("/run/a/chasquid-userdb", .userdb), ("/run/a/sasl-master", .master), ("/run/a/auth", .client),
    ])
    func kinds(_ path: String, _ kind: AuthServer.Listener.Kind) throws {
        let plan = try plan(Self.passdb + "service auth {\n  unix_listener \(path) {\n    mode = 0600\n  }\n}\n")
        #expect(plan.listeners.map(\.kind) == [kind])
        #expect(plan.notices.isEmpty)
    }

    @Test("Each userdb driver becomes a database with its rules")
    func userDatabases() throws {
        let plan = try plan(
            Self.passdb + Self.listener
                + """
                userdb {
                  driver = prefetch
                }
                userdb {
                  driver = passwd-file
                  args = username_format=%n /etc/users
                  default_fields = quota=1 uid=root
                  override_fields = home=/srv/%u
                  skip = found
                  result_failure = return-fail
                }
                userdb {
                  driver = passwd
                }
                userdb {
                  driver = static
                  args = uid=root gid=0 home=/srv/mail/%d/%n allow_all_users=yes
                }

                """)
        let links = plan.settings.userDatabases
        #expect(links.map(\.database.driver) == ["prefetch", "passwd-file", "passwd", "static"])
        #expect(links[1].rules.skip == .ifFound)
        #expect(links[1].rules.onFailure == .returnFail)
        #expect(links[1].rules.defaultFields.map(\.name) == ["quota", "uid"])
        var query = UserQuery(user: "alice@example.com")
        query.isKnown = true
        let expected = [ExtraField("uid", "0"), ExtraField("gid", "0"), ExtraField("home", "/srv/mail/example.com/alice")]
        #expect(links[3].database.immediateLookup(query) == .found(UserRecord(fields: expected)))
    }

    @Test("An account that isn't there is the admin's error, with file and line")
    func unknownAccount() throws {
        let text = try error(
            Self.passdb + Self.listener + "userdb {\n  driver = static\n  args = uid=no-such-user gid=0\n}\n")
        #expect(text.hasPrefix("/etc/d.conf:12: there is no user \"no-such-user\" on this system"))
    }

    @Test("auth_cache_size puts a cache before shadow, never before a passwd-file, nor where use_cache says no")
    func answerCache() throws {
        let shadow = "passdb {\n  driver = shadow\n}\n"
        let without = try plan(Self.passdb + shadow + Self.listener)
        #expect(without.settings.caches.isEmpty)
        #expect(!without.settings.passwordDatabases.contains { $0.database is CachedPasswordDatabase })
        let with = try plan("auth_cache_size = 1M\n" + Self.passdb + shadow + Self.listener)
        #expect(with.settings.caches.count == 1)
        #expect(with.settings.passwordDatabases.map { $0.database is CachedPasswordDatabase } == [false, true])
    }

    @Test("A userdb inside a protocol section is asked for that protocol only, first, and its file is read once")
    func userDatabasesOfProtocols() throws {
        let plan = try plan(
            Self.passdb + Self.listener
                + """
                userdb {
                  driver = passwd
                }
                protocol imap {
                  userdb {
                    driver = passwd-file
                    args = /etc/users
                  }
                }

                """)
        #expect(plan.settings.userDatabases.map(\.database.driver) == ["passwd"])
        let imap = try #require(plan.settings.protocols["imap"])
        #expect(imap.userDatabases.map(\.database.driver) == ["passwd-file", "passwd"])
        #expect(plan.userDatabases.count == 3)
    }

    @Test("auth_cache_size puts a cache before userdb passwd, unless use_cache says no; never before others")
    func userCache() throws {
        let users = "userdb {\n  driver = passwd\n}\nuserdb {\n  driver = static\n  args = home=/x\n}\n"
        let without = try plan(Self.passdb + users + Self.listener)
        #expect(!without.settings.userDatabases.contains { $0.database is CachedUserDatabase })
        let with = try plan("auth_cache_size = 1M\n" + Self.passdb + users + Self.listener)
        #expect(with.settings.userDatabases.map { $0.database is CachedUserDatabase } == [true, false])
        let refused = try plan(
            "auth_cache_size = 1M\n" + Self.passdb + "userdb {\n  driver = passwd\n  use_cache = no\n}\n" + Self.listener)
        #expect(!refused.settings.userDatabases.contains { $0.database is CachedUserDatabase })
    }

    @Test("passdb passwd is remembered, as in Dovecot")
    func passwdCache() throws {
        let plan = try plan("auth_cache_size = 1M\npassdb {\n  driver = passwd\n}\n" + Self.listener)
        #expect(plan.settings.passwordDatabases.map { $0.database is CachedPasswordDatabase } == [true])
    }

    @Test("gatepost_master_unknown_targets brings back Dovecot's master logins as somebody unknown, for all protocols")
    func unknownTargets() throws {
        let own = "protocol imap {\n  auth_default_realm = x\n}\n"
        let refusing = try plan(Self.passdb + Self.listener + own)
        #expect(refusing.settings.unknownTargets == .refused)
        #expect(refusing.settings.protocols["imap"]?.unknownTargets == .refused)
        let allowing = try plan("gatepost_master_unknown_targets = yes\n" + Self.passdb + Self.listener + own)
        #expect(allowing.settings.unknownTargets == .allowed)
        #expect(allowing.settings.protocols["imap"]?.unknownTargets == .allowed)
    }

    @Test("What a protocol section says of logins reaches the server")
    func protocolLogins() throws {
        let plan = try plan(
            Self.passdb + Self.listener
                + """
                protocol imap {
                  auth_verbose = yes
                  auth_verbose_passwords = sha1
                  auth_failure_delay = 5 s
                  auth_realms = a b
                  auth_anonymous_username =
                  auth_ssl_require_client_cert = yes
                  auth_ssl_username_from_cert = yes
                  auth_allow_weak_schemes = no
                }

                """)
        let imap = try #require(plan.settings.protocols["imap"])
        #expect(imap.isVerbose && imap.passwordLogging.form == .sha1)
        #expect(imap.failureDelay == .seconds(5) && imap.realms == ["a", "b"] && imap.anonymousUser == nil)
        #expect(imap.requiresClientCertificate && imap.takesCertificateName && imap.weakSchemes == .refused)
        #expect(plan.settings.realms.isEmpty && plan.settings.anonymousUser == "anonymous")
    }

    @Test("The login cache is off unless its time to live is set")
    func loginCache() throws {
        #expect(try plan(Self.passdb + Self.listener).settings.loginCacheTimeToLive == .zero)
        let plan = try plan(
            "gatepost_login_cache_ttl = 5 mins\ngatepost_login_cache_size = 7\n" + Self.passdb + Self.listener)
        #expect(plan.settings.loginCacheTimeToLive == .seconds(300) && plan.settings.loginCacheSize == 7)
    }

    @Test("The fragment of the issue becomes a server for Postfix with PLAIN and LOGIN")
    func issueFragment() throws {
        let plan = try plan(
            """
            service auth {
              unix_listener auth-userdb {
                #mode = 0600
                #user =
                #group =
              }
              # Postfix smtp-auth
              unix_listener /var/spool/postfix/private/auth {
                mode = 0660
                user = postfix
                group = postfix
              }
            }
            auth_mechanisms = plain login
            auth_debug=yes
            auth_debug_passwords=yes
            passdb {
              driver = passwd-file
              args = scheme=CRYPT username_format=%u /etc/dovecot/users
            }
            passdb {
              driver = shadow
            }
            """)
        #expect(plan.listeners.map(\.kind) == [.client, .userdb])
        #expect(plan.listeners[1].address.path == "/run/gatepost/auth-userdb")
        #expect(
            plan.listeners[0].address
                == .init(path: "/var/spool/postfix/private/auth", mode: 0o660, user: "postfix", group: "postfix"))
        #expect(plan.settings.mechanisms.mechanisms.map(\.name) == ["PLAIN", "LOGIN"])
        #expect(plan.settings.passwordDatabases.map(\.name) == ["passwd-file", "shadow"])
        #expect(plan.settings.isDebug)
        #expect(plan.settings.isVerbose)
        #expect(plan.settings.showsPasswords)
    }

    @Test("Without settings Dovecot's defaults and the issue's limits hold")
    func defaults() throws {
        let settings = try plan(Self.passdb + Self.listener).settings
        #expect(settings.mechanisms.mechanisms.map(\.name) == ["PLAIN"])
        #expect(settings.failureDelay == .seconds(2))
        #expect(settings.exchangeTimeout == .seconds(150))
        // Postfix waits for ten seconds (clients.md, rule 17).
        #expect(settings.requestDeadline < .seconds(10))
        #expect(settings.handshakeTimeout == .seconds(30))
        #expect(settings.anonymousUser == "anonymous")
        #expect(!settings.isVerbose)
        #expect(!settings.isDebug)
        #expect(!settings.showsPasswords)
    }

    @Test("Every limit and time of the file reaches the server")
    func limits() throws {
        let settings = try plan(
            """
            auth_failure_delay = 5 secs
            auth_verbose = yes
            auth_realms = example.com example.org
            auth_anonymous_username =
            auth_ssl_require_client_cert = yes
            auth_ssl_username_from_cert = yes
            gatepost_request_deadline = 6 secs
            gatepost_exchange_timeout = 100 secs
            gatepost_handshake_timeout = 7 secs
            gatepost_max_requests_in_flight = 17
            gatepost_hash_threads = 3
            gatepost_hash_queue_limit = 99
            gatepost_scram_iterations = 20000
            service auth {
              client_limit = 55
            }

            """ + Self.passdb + Self.listener).settings
        #expect(settings.failureDelay == .seconds(5))
        #expect(settings.isVerbose)
        #expect(settings.realms == ["example.com", "example.org"])
        #expect(settings.anonymousUser == nil)
        #expect(settings.requiresClientCertificate)
        #expect(settings.takesCertificateName)
        #expect(settings.requestDeadline == .seconds(6))
        #expect(settings.exchangeTimeout == .seconds(100))
        #expect(settings.handshakeTimeout == .seconds(7))
        #expect(settings.maximumRequestsInFlight == 17)
        #expect(settings.hashThreads == 3)
        #expect(settings.hashQueueLimit == 99)
        #expect(settings.decoys.scramIterations == 20_000)
        #expect(settings.maximumConnections == 55)
    }
}
