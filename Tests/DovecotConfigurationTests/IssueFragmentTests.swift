import DovecotConfiguration
import Testing

@Suite("The fragments of issue 2, word for word")
struct IssueFragmentTests {
    static let service = """
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

        """

    static let passwordFile = """
        passdb {
          driver = passwd-file
          args = scheme=CRYPT username_format=%u /etc/dovecot/users
        }

        """
    static let shadow = "passdb {\n  driver = shadow\n}\n"
    static let newWords = "passdb passwd-file {\n  passwd_file_path = /etc/dovecot/users\n}\n"

    private func check(_ configuration: AuthConfiguration) throws {
        #expect(configuration.mechanisms == ["PLAIN", "LOGIN"])
        #expect(configuration.debug && configuration.debugPasswords && configuration.verbose)
        #expect(configuration.listeners.map(\.path) == ["/var/spool/postfix/private/auth", "/run/gatepost/auth-userdb"])
        let postfix = try #require(configuration.listeners.first)
        #expect(postfix.kind == .client)
        #expect(postfix.mode == 0o660)
        #expect(postfix.user == "postfix")
        #expect(postfix.group == "postfix")
        #expect(postfix.temporaryFailure == .automatic)
        // doveconf -d 2.3.19: auth-userdb is 0666 and the internal user's unless the file says otherwise.
        let userdb = try #require(configuration.listeners.last)
        #expect(userdb.kind == .userdb)
        #expect(userdb.mode == 0o666)
        #expect(userdb.user == "gatepost")

        let databases = configuration.passwordDatabases
        #expect(databases.map(\.name) == ["", "", "passwd-file"])
        let format = TemplateText(text: "%u", syntax: .dovecot23)
        #expect(
            databases.map(\.driver) == [
                .passwdFile(.init(path: "/etc/dovecot/users", defaultScheme: "CRYPT", usernameFormat: format)),
                .shadow,
                .passwdFile(.init(path: "/etc/dovecot/users")),
            ])
    }

    @Test("load from one file")
    func oneFile() throws {
        let loaded = try load(Self.service + Self.passwordFile + Self.shadow + Self.newWords)
        try check(loaded.configuration)
        #expect(
            loaded.notices == [
                "sockets without a directory are in /run/gatepost: auth-userdb; Dovecot has them in /run/dovecot: tell the "
                    + "mail server, or set base_dir = /run/dovecot"
            ])
        #expect(loaded.configuration.listeners[0].location == SourceLocation(file: "/etc/d.conf", line: 8))
    }

    @Test("load through !include conf.d/*.conf")
    func included() throws {
        let files = MemoryFiles([
            "/etc/d.conf": "!include conf.d/*.conf\n", "/etc/conf.d/10-a.conf": Self.service,
            "/etc/conf.d/20-b.conf": Self.passwordFile + Self.shadow, "/etc/conf.d/30-c.conf": Self.newWords,
            "/etc/conf.d/40-d.conf.ext": "nonsense",
        ])
        let loaded = try AuthConfiguration.load(path: "/etc/d.conf", files: files)
        try check(loaded.configuration)
        let included = ["10-a.conf", "20-b.conf", "30-c.conf"].map { "/etc/conf.d/\($0)" }
        #expect(loaded.files == ["/etc/d.conf"] + included)
    }

    @Test("load in a 2.4 file")
    func newDialect() throws {
        let loaded = try load("dovecot_config_version = 2.4.1\n" + Self.service + Self.newWords)
        #expect(loaded.configuration.dialect == .dovecot24)
        let drivers = loaded.configuration.passwordDatabases.map(\.driver)
        let path = TemplateText(text: "/etc/dovecot/users", syntax: .dovecot24)
        #expect(drivers == [.passwdFile(.init(path: path))])
        #expect(loaded.configuration.listeners.map(\.kind) == [.client, .userdb])
    }

    @Test("on one line are refused as in Dovecot, with the remedy")
    func inlineBlock() {
        #expect(
            errors(in: "passdb { driver = shadow }\n") == [
                "/etc/d.conf:1: garbage after \"{\": put each setting and the closing \"}\" on its own line"
            ])
    }
}
