import DovecotConfiguration
import Testing

@Suite("What is skipped is named")
struct NoticeTests {
    @Test(
        "in one line",
        arguments: [
            ("mail_location = maildir:~/Maildir\nssl = no\nmail_location = x\n", "settings mail_location, ssl"),
            ("ssl_cert = </does/not/exist\n", "settings ssl_cert"),
            ("mail_plugins = $mail_plugins quota\n", "settings mail_plugins"),
            ("namespace inbox {\n  inbox = yes\n}\nplugin {\n  x = y\n}\nplugin {\n}\n", "sections namespace, plugin"),
            ("protocol lda {\n  log_path = /x\n  mail_plugins = sieve\n}\n", "sections protocol lda"),
            ("local 10.0.0.1 {\n  protocol imap {\n    ssl_cert = <x\n  }\n}\n", "sections local 10.0.0.1"),
            ("service imap-login {\n  inet_listener imap {\n    port = 0\n  }\n}\n", "sections service imap-login"),
            ("dovecot_config_version = 2.4.0\nmail_driver = maildir\n", "settings mail_driver"),
            ("protocols = imap\nlisten = *\n", "settings protocols, listen"),
            ("service auth-worker {\n}\n", "sections service auth-worker"),
            ("ssl_protocols = !SSLv3\nsieve_extensions = x\n", "settings ssl_protocols, sieve_extensions"),
            ("ssl = yes\nplugin {\n}\n", "settings ssl; sections plugin"),
        ])
    func skipped(text: String, names: String) throws {
        #expect(try load(text).notices == ["skipped what Gatepost does not use: \(names)"])
    }

    @Test(
        "What is about logins and has no effect is told with its line and the reason",
        arguments: [
            ("disable_plaintext_auth = no\n",
             "1: disable_plaintext_auth has no effect here, because mail servers decide whether passwords may come without "
                + "TLS (Postfix: smtpd_tls_auth_only = yes)"),
            ("dovecot_config_version = 2.4.0\nauth_allow_cleartext = yes\n",
             "2: auth_allow_cleartext has no effect here, because mail servers decide whether passwords may come without "
                + "TLS (Postfix: smtpd_tls_auth_only = yes)"),
            ("auth_worker_max_count = 3\n",
             "1: auth_worker_max_count has no effect here, because threads do the workers' work: gatepost_hash_threads says "
                + "how many verify costly hashes"),
            ("auth_cache_verify_password_with_worker = no\n",
             "1: auth_cache_verify_password_with_worker has no effect here, because remembered hashes are always "
                + "checked by threads of their own, as by workers with yes"),
            ("protocol imap {\n  auth_cache_verify_password_with_worker = yes\n}\n",
             "2: auth_cache_verify_password_with_worker has no effect inside \"protocol imap\", as in Dovecot, whose auth "
                + "service takes it from outside"),
            ("service auth {\n  vsz_limit = 1G\n}\n",
             "2: vsz_limit in service auth has no effect here, because systemd limits memory: set MemoryMax in the "
                + "service's unit"),
            ("dovecot_config_version = 2.4.0\nservice auth {\n  idle_kill_interval = 1 s\n}\n",
             "3: idle_kill_interval in service auth has no effect here, because the one process stays as long as the "
                + "service"),
            ("passdb {\n  driver = shadow\n  use_worker = yes\n}\n",
             "3: use_worker in passdb has no effect here, because lookups that may take long always have threads of "
                + "their own"),
            ("service auth-worker {\n  user = root\n}\n",
             "1: service auth-worker has no effect here, because threads do the workers' work: gatepost_hash_threads says "
                + "how many verify costly hashes"),
        ])
    func ineffective(text: String, notice: String) throws {
        #expect(try load(text).notices == ["/etc/d.conf:\(notice)"])
    }

    @Test("What login processes have of their own in a protocol section is passed over")
    func ineffectiveInProtocol() throws {
        let loaded = try load("dovecot_config_version = 2.4.0\nprotocol imap {\n  auth_allow_cleartext = yes\n}\n")
        #expect(loaded.notices == ["skipped what Gatepost does not use: sections protocol imap"])
    }

    @Test(
        "A socket whose name brings another protocol along is pointed out, unless that is said or Dovecot's own",
        arguments: [
            ("/x/dovecot-login", "login", "login"), ("/x/sasl-master", "master", "master"), ("/a-userdb", "userdb", "userdb"),
            ("/x/x-tokenlogin", "token", "tokenlogin"), ("/x/login", "login", "login"),
        ])
    func surprisingName(name: String, kind: String, ending: String) throws {
        let text = "service auth {\n  unix_listener \(name) {\n    mode = 0660\n  }\n}\n"
        #expect(
            try load(text).notices == [
                "/etc/d.conf:2: unix_listener \(name) speaks the \(kind) protocol because its name ends in \(ending), "
                    + "as in Dovecot 2.3; for a mail server's logins add type = auth, or give it another name"
            ])
        #expect(try load(text.replacing("mode = 0660", with: "type = auth")).notices == [])
        #expect(try load("dovecot_config_version = 2.4.0\n" + text).notices == [])
        #expect(try load("base_dir = /run/dovecot\n" + text.replacing(name, with: "auth-userdb")).notices == [])
        #expect(try load(text.replacing("0660", with: "0")).notices == [])
    }

    @Test("Sockets that are elsewhere than Dovecot's are pointed out, unless the file says where")
    func movedSockets() throws {
        let text = "service auth {\n  unix_listener auth-client {\n  }\n  unix_listener login/login {\n  }\n}\n"
        #expect(
            try load(text).notices == [
                "sockets without a directory are in /run/gatepost: auth-client, login/login; Dovecot has them in "
                    + "/run/dovecot: tell the mail server, or set base_dir = /run/dovecot"
            ])
        #expect(try load("base_dir = /run/gatepost\n" + text).notices == [])
        #expect(try load("service auth {\n  unix_listener /run/dovecot/auth-client {\n  }\n}\n").notices == [])
        #expect(try load("service auth {\n  unix_listener auth-client {\n    mode = 0\n  }\n}\n").notices == [])
    }

    @Test(
        "A mode without its 0 is pointed out, for it is decimal",
        arguments: [
            ("660", "mode = 660 is a decimal number, as in Dovecot, and means 01224; write 0660 if that is meant"),
            ("666", "mode = 666 is a decimal number, as in Dovecot, and means 01232; write 0666 if that is meant"),
            ("438", "mode = 438 is a decimal number, as in Dovecot, and means 0666"), ("0660", nil), ("0", nil),
        ])
    func decimalMode(mode: String, notice: String?) throws {
        let text = "service auth {\n  unix_listener /x/auth {\n    mode = \(mode)\n  }\n}\n"
        #expect(try load(text).notices == (notice.map { ["/etc/d.conf:3: \($0)"] } ?? []))
    }

    @Test("A blank that is none is pointed out, where it makes no error", arguments: [
        ("auth_default_realm = example.com\u{A0}",
         "the line holds U+00A0 (no-break space), which looks like a blank; type a blank in its place"),
        ("auth_default_realm = \u{202F}example.com",
         "the line holds U+202F (narrow no-break space), which looks like a blank; type a blank in its place"),
        ("auth_default_realm = exam\u{AD}ple.com", "the line holds U+00AD (soft hyphen), which is not shown; take it out"),
        ("auth_default_realm = bücher.example", nil), ("auth_default_realm = a\u{2013}b", nil),
        ("auth_default_realm = example.com #\u{A0}ours", nil), ("#\u{A0}auth_debug = yes", nil),
    ])
    func strayBlank(line: String, notice: String?) throws {
        #expect(try load("\(line)\n").notices == (notice.map { ["/etc/d.conf:1: \($0)"] } ?? []))
    }

    @Test("A variable of the environment that is not set is pointed out, where it makes no error")
    func unsetVariable() throws {
        let text = "auth_realms = a $ENV:REALM b\n# $ENV:NOT\nauth_default_realm = '$ENV:NEITHER'\n"
        var files = MemoryFiles(["/etc/d.conf": text])
        func notices() throws -> [String] { try AuthConfiguration.load(path: "/etc/d.conf", files: files).notices }
        #expect(
            try notices() == [
                "/etc/d.conf:1: the environment variable REALM is not set, so that $ENV:REALM is nothing"
            ])
        files.environment = ["REALM": "x"]
        #expect(try notices() == [])
    }

    @Test("A comment right behind a word is pointed out, as Dovecot does")
    func ambiguousComment() throws {
        let loaded = try load("auth_default_realm = a#b\n")
        #expect(
            loaded.notices == [
                "/etc/d.conf:1: \"#\" right after a word begins a comment, too; put a space before it"
            ])
    }

    @Test("A file that !include_try may not open is pointed out")
    func unreadableInclude() throws {
        let files = MemoryFiles(["/etc/d.conf": "!include_try x\n", "/etc/x": ""], unreadable: ["/etc/x"])
        let loaded = try AuthConfiguration.load(path: "/etc/d.conf", files: files)
        #expect(loaded.notices == ["/etc/d.conf:1: /etc/x was left out: Permission denied"])
    }
}
