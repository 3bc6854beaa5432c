import DovecotConfiguration
import Testing

@Suite("Databases become typed values")
struct DatabaseTests {
    private func configuration(_ text: String) throws -> AuthConfiguration {
        try load(text).configuration
    }

    @Test("Every rule of a passdb, in 2.3's words")
    func rules() throws {
        let text = """
            passdb {
              driver = static
              args = password=x%u allow_nets=10.0.0.0/8 nologin
              default_fields = a=%d b
              override_fields = user=%Ln@x.org
              mechanisms = plain, none
              username_filter = *@a.org !bob@*
              skip = unauthenticated
              result_success = continue-ok
              result_failure = return-fail
              result_internalfail = return
              deny = yes
              master = yes
              auth_verbose = no
            }
            """
        let database = try #require(try configuration(text).passwordDatabases.first)
        #expect(
            database.driver
                == .static(
                    .init(
                        password: "x%u",
                        fields: [
                            FieldSetting(name: "allow_nets", value: "10.0.0.0/8"), FieldSetting(name: "nologin"),
                        ])))
        var rules = PasswordDatabaseRules()
        rules.deny = true
        rules.master = true
        rules.skip = .unauthenticated
        rules.resultSuccess = .continueOK
        rules.resultFailure = .returnFail
        rules.resultInternalFailure = .return
        rules.mechanisms = ["PLAIN", "LOOKUP"]
        rules.usernameFilter = ["*@a.org", "!bob@*"]
        #expect(database.rules == rules)
        #expect(database.defaultFields == [FieldSetting(name: "a", value: "%d"), FieldSetting(name: "b")])
        #expect(database.overrideFields == [FieldSetting(name: "user", value: "%Ln@x.org")])
        #expect(database.verbose == false)
    }

    @Test("Every rule of a passdb, in 2.4's words")
    func newRules() throws {
        let text = """
            dovecot_config_version = 2.4.1
            passdb first {
              driver = passwd-file
              passwd_file_path = /etc/%{user | domain}/users
              mechanisms_filter = plain lookup
              fields {
                home = /srv/%{user}
                uid:default = 1000
              }
              passdb_fields {
                home = /home/%{user}
              }
              fields_import_all = no
              use_cache = no
              auth_verbose = yes
            }
            passdb static {
              static_password = {PLAIN}a b
              fields {
                nologin = yes
              }
            }
            """
        let databases = try configuration(text).passwordDatabases
        func template(_ text: String) -> TemplateText { TemplateText(text: text, syntax: .dovecot24) }
        #expect(
            databases.map(\.driver) == [
                .passwdFile(.init(path: template("/etc/%{user | domain}/users"))),
                .static(
                    .init(
                        password: template("{PLAIN}a b"),
                        fields: [FieldSetting(name: "nologin", value: template("yes"))])),
            ])
        #expect(databases[0].rules.mechanisms == ["PLAIN", "LOOKUP"])
        #expect(
            databases[0].overrideFields == [
                FieldSetting(name: "home", value: template("/home/%{user}")),
                FieldSetting(name: "uid:default", value: template("1000")),
            ])
        #expect(!databases[0].importsAllFields)
        #expect(!databases[0].usesCache)
        #expect(databases[0].verbose == true)
        #expect(databases[1].importsAllFields && databases[1].usesCache && databases[1].verbose == nil)
    }

    /// `none` alone leaves no mechanism and no lookup in 2.3, though among others it is the word for lookups.
    @Test("Mechanisms of a passdb", arguments: [
        ("", nil), ("none", []), ("NONE none", ["LOOKUP", "LOOKUP"]), ("plain,LOGIN", ["PLAIN", "LOGIN"]),
    ] as [(String, [String]?)])
    func mechanisms(text: String, expected: [String]?) throws {
        let databases = try configuration("passdb {\n  driver = shadow\n  mechanisms = \(text)\n}\n").passwordDatabases
        #expect(databases.map(\.rules.mechanisms) == [expected])
    }

    @Test("pass is continue on success, whatever result_success says")
    func pass() throws {
        let text = "passdb {\n  driver = passwd\n  pass = yes\n  result_success = return-fail\n}\n"
        let database = try #require(try configuration(text).passwordDatabases.first)
        #expect(database.rules.pass)
        #expect(database.rules.resultSuccess == .continue)
    }

    @Test("User databases in 2.3's words")
    func users() throws {
        let text = """
            userdb {
              driver = prefetch
            }
            userdb {
              driver = static
              args = uid=vmail gid=1000 home=/srv/%d/%n allow_all_users=yes
              skip = found
            }
            userdb {
              driver = passwd
              args = blocking=no home=/x
              override_fields = mail=y
              result_failure = return-fail
            }
            userdb {
              driver = passwd-file
              args = username_format=%n /etc/users
              name = last
            }
            """
        let databases = try configuration(text).userDatabases
        #expect(
            databases.map(\.driver) == [
                .prefetch,
                .static(
                    .init(
                        fields: [
                            FieldSetting(name: "uid", value: "vmail"), FieldSetting(name: "gid", value: "1000"),
                            FieldSetting(name: "home", value: "/srv/%d/%n"),
                        ], allowsAllUsers: true)),
                .passwd,
                .passwdFile(.init(path: "/etc/users", usernameFormat: "%n")),
            ])
        #expect(databases.map(\.rules.skip) == [.never, .found, .never, .never])
        #expect(databases.map(\.rules.resultFailure) == [.continue, .continue, .returnFail, .continue])
        #expect(
            databases[2].overrideFields == [
                FieldSetting(name: "home", value: "/x"), FieldSetting(name: "mail", value: "y"),
            ])
        #expect(databases.map(\.name) == ["", "", "", "last"])
    }

    @Test("A userdb that Gatepost lacks is passed over as long as no socket asks it")
    func foreignUsers() throws {
        let text = "userdb {\n  driver = sql\n  args = /etc/dovecot/dovecot-sql.conf.ext\n}\n"
        let loaded = try load(text)
        #expect(loaded.configuration.userDatabases.isEmpty)
        #expect(
            loaded.notices == [
                "/etc/d.conf:1: this userdb is not used, for Gatepost does not ask SQL servers yet: export the "
                    + "accounts to a passwd-file; no socket here needs it"
            ])
        for name in ["auth-userdb", "auth-master", "x-login"] {
            let socket = "service auth {\n  unix_listener \(name) {\n  }\n}\n"
            #expect(throws: ConfigurationErrors.self) { try load(text + socket) }
        }
    }

    @Test("A cache key is only where Dovecot has one")
    func cacheKeys() throws {
        let text = """
            passdb {
              driver = shadow
              default_fields = a=%s b=1
            }
            passdb {
              driver = passwd-file
              args = /x
            }
            """
        #expect(try configuration(text).passwordDatabases.map(\.cacheKey) == [["%u", "%s"], nil])
    }
}
