import DovecotConfiguration
import Testing

@testable import GatepostDaemon

/// What of a configuration can't be had, and what the admin is told of the rest.
@Suite("What a configuration asks for and can't have")
struct ServerPlanRefusalTests: ConfigurationPlanning {
    @Test("A socket whose protocol isn't there is refused by name", arguments: ["/run/a/x-token", "/run/a/x-tokenlogin"])
    func otherProtocols(_ path: String) throws {
        let text = try error(Self.passdb + "service auth {\n  unix_listener \(path) {\n    mode = 0600\n  }\n}\n")
        #expect(text.hasPrefix("/etc/d.conf:6: unix_listener \(path) would speak Dovecot's token protocol"))
    }

    @Test("What can't be served is refused with the setting and what to do")
    func refusals() throws {
        #expect(try error(Self.passdb).hasPrefix("no socket is configured; add one"))
        #expect(try error(Self.listener).hasPrefix("no passdb is configured, so nobody could log in; add one"))
        #expect(
            try error(Self.passdb + Self.listener + "auth_mechanisms = plain oauthbearer")
                .hasPrefix("auth_mechanisms: OAUTHBEARER needs"))
    }

    @Test("A scheme that there isn't is refused with the file and line that name it", arguments: [
        ("args = scheme=NOSUCH /etc/users", 3), ("args = /etc/users\n  default_password_scheme = nosuch", 4),
        ("passwd_file_path = /etc/users\n  default_password_scheme = nosuch", 4),
    ])
    func unknownScheme(lines: String, line: Int) throws {
        let text = "passdb {\n  driver = passwd-file\n  \(lines)\n}\n" + Self.listener
        #expect(
            try error(text) == "/etc/d.conf:\(line): there is no password scheme \"NOSUCH\" (scheme=, "
                + "default_password_scheme); gatepost pw -l lists those there are")
    }

    @Test("A mechanism that could let nobody in is told")
    func uselessMechanism() throws {
        let shadow = "passdb {\n  driver = shadow\n}\n"
        let loaded = try load("auth_mechanisms = plain cram-md5 external\n" + shadow + Self.listener)
        let notices = try ConfigurationCheck.notices(loaded)
        let place = "/etc/d.conf:1: auth_mechanisms:"
        #expect(notices.count == 2)
        #expect(notices.contains { $0.hasPrefix("\(place) CRAM-MD5 lets nobody in, for shadow has hashes only") })
        #expect(notices.contains { $0.hasPrefix("\(place) EXTERNAL lets nobody in without auth_ssl_username_from_cert") })
    }

    @Test("A mechanism of Dovecot's that isn't here is refused with the reason", arguments: ["gssapi", "ntlm", "otp"])
    func absentMechanism(name: String) throws {
        let text = try error(Self.passdb + Self.listener + "auth_mechanisms = plain \(name)")
        #expect(text.hasPrefix("auth_mechanisms: SASL mechanism \"\(name.uppercased())\" is not here: "))
        #expect(text.contains("; leave it out"))
    }

    @Test("That salts change with each start is told once, and only where there are salts", arguments: [
        ("plain cram-md5 digest-md5", "", 0), ("scram-sha-1 scram-sha-256", "", 1),
        ("scram-sha-1 scram-sha-256", "gatepost_secret_file = /var/lib/g/secret\n", 0),
    ])
    func salts(mechanisms: String, setting: String, count: Int) throws {
        let notices = try plan(Self.passdb + Self.listener + "auth_mechanisms = \(mechanisms)\n" + setting).notices
        #expect(notices.filter { $0.contains("gatepost_secret_file is not set") }.count == count)
        #expect(notices.count == count)
    }

    @Test("The check of a configuration says what the server would say, and touches nothing")
    func check() throws {
        let text = Self.passdb + Self.listener + "service auth {\n  unix_listener auth-userdb {\n  }\n}\n"
        let notices = try ConfigurationCheck.notices(load("auth_mechanisms = plain external\n" + text))
        let planned = try plan(text + "auth_mechanisms = plain external\n").notices
        #expect(notices.map { $0.replacing("/etc/d.conf:1: ", with: "") } == planned)
        let broken = try load(Self.passdb)
        #expect(throws: DaemonError.self) { try ConfigurationCheck.notices(broken) }
    }

    @Test("What can't be had is told with the line of the setting that asks for it", arguments: [
        ("auth_debug = yes\nauth_mechanisms = plain lojin\n", "/etc/d.conf:2: auth_mechanisms: unknown SASL mechanism \"LOJIN\""),
        ("auth_mechanisms = plain otp\nauth_mechanisms = plain ntlm\n", "/etc/d.conf:2: auth_mechanisms: SASL mechanism \"NTLM\""),
        ("dovecot_config_version = 2.4.1\nauth_mechanisms {\n  plain = yes\n  xoauth2 = yes\n}\n",
         "/etc/d.conf:2: auth_mechanisms: XOAUTH2 needs"),
    ])
    func place(lines: String, words: String) throws {
        let is24 = lines.hasPrefix("dovecot_config_version")
        let passdb = is24 ? "passdb passwd-file {\n  passwd_file_path = /etc/users\n}\n" : Self.passdb
        let loaded = try load(lines + passdb + Self.listener)
        let error = #expect(throws: DaemonError.self) { try ConfigurationCheck.notices(loaded) }
        #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
    }
}
