import DovecotConfiguration
import Testing

@Suite("Protocol sections")
struct ProtocolTests {
    private let text = """
        auth_verbose = yes
        passdb {
          driver = shadow
        }
        protocol imap {
          auth_verbose = no
          auth_username_format = %n
          passdb {
            driver = passwd-file
            args = /etc/imap
          }
          userdb {
            driver = prefetch
          }
        }
        userdb {
          driver = passwd
        }
        protocol imap {
          auth_default_realm = x
        }
        protocol lmtp {
          mail_plugins = sieve
        }
        """

    @Test("make a whole configuration for their protocol, their databases first")
    func own() throws {
        let outside = try load(text).configuration
        #expect(outside.protocols.map(\.name) == ["imap"])
        let imap = outside.configuration(forProtocol: "imap")
        #expect(!imap.verbose && outside.verbose)
        #expect(imap.usernameFormat == "%n")
        #expect(imap.defaultRealm == "x")
        #expect(imap.passwordDatabases.map(\.driver) == [.passwdFile(.init(path: "/etc/imap")), .shadow])
        #expect(imap.userDatabases.map(\.driver) == [.prefetch, .passwd])
        #expect(outside.passwordDatabases.map(\.driver) == [.shadow])
        #expect(outside.configuration(forProtocol: "lmtp") == outside)
        #expect(outside.configuration(forProtocol: "smtp") == outside)
    }

    @Test("win over what stands outside, wherever that is")
    func order() throws {
        let outside = try load("protocol imap {\n  auth_verbose = no\n}\nauth_verbose = yes\n").configuration
        #expect(!outside.configuration(forProtocol: "imap").verbose)
        #expect(outside.configuration(forProtocol: "smtp").verbose)
    }

    @Test("change a database of their name in 2.4")
    func merging() throws {
        let outside = try load(
            """
            dovecot_config_version = 2.4.0
            protocol imap {
              passdb passwd-file {
                deny = yes
              }
              passdb other {
                driver = passwd
              }
            }
            passdb passwd-file {
              passwd_file_path = /x
            }
            """
        ).configuration
        let imap = outside.configuration(forProtocol: "imap")
        #expect(imap.passwordDatabases.map(\.name) == ["other", "passwd-file"])
        #expect(imap.passwordDatabases.map(\.rules.deny) == [false, true])
        #expect(outside.passwordDatabases.map(\.rules.deny) == [false])
    }

    @Test("hold what other services have there, and no settings for all clients")
    func others() throws {
        let loaded = try load(
            "protocol lda {\n  log_path = /x\n  mail_plugins = sieve\n}\nprotocol imap {\n  auth_mechanisms = login\n}\n")
        #expect(loaded.configuration.protocols == [])
        #expect(
            loaded.notices.last
                == "/etc/d.conf:6: auth_mechanisms has no effect inside \"protocol imap\", as in Dovecot, whose auth service "
                + "takes it from outside")
        #expect(throws: ConfigurationErrors.self) { try load("protocol imap {\n  gatepost_penalty = no\n}\n") }
    }

    @Test("hold no debug log of their own, which would be ignored", arguments: ["auth_debug", "auth_debug_passwords"])
    func debugging(name: String) throws {
        let error = #expect(throws: ConfigurationErrors.self) {
            try load("protocol imap {\n  \(name) = yes\n}\n")
        }
        #expect(error?.description.hasPrefix("/etc/d.conf:2: \(name) is for the whole conversation") == true)
    }

    /// As in Dovecot's auth service: a protocol's own sections win, else the first `!` section against another counts.
    @Test("with ! are for all others")
    func negated() throws {
        let outside = try load(
            "protocol !smtp {\n  auth_verbose = yes\n}\nprotocol imap {\n  auth_verbose = yes\n  auth_realms = x\n}\nprotocol lmtp {\n}\n"
        ).configuration
        #expect(outside.protocols.map(\.name) == ["!smtp", "imap", "lmtp"])
        #expect(!outside.configuration(forProtocol: "smtp").verbose)
        #expect(outside.configuration(forProtocol: "pop3").verbose)
        #expect(outside.configuration(forProtocol: "lmtp").verbose)
        let imap = outside.configuration(forProtocol: "imap")
        #expect(imap.realms == ["x"] && imap.verbose)
    }
}
