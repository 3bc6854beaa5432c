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
            ("service auth {\n  process_min_avail = 1\n  vsz_limit = 1G\n}\n",
             "settings process_min_avail (service auth), vsz_limit (service auth)"),
            ("dovecot_config_version = 2.4.0\nservice auth {\n  idle_kill_interval = 1 s\n}\nmail_driver = maildir\n",
             "settings idle_kill_interval (service auth), mail_driver"),
            ("disable_plaintext_auth = no\nauth_worker_max_count = 3\nprotocols = imap\nlisten = *\n",
             "settings disable_plaintext_auth, auth_worker_max_count, protocols, listen"),
            ("ssl_protocols = !SSLv3\nsieve_extensions = x\n", "settings ssl_protocols, sieve_extensions"),
            ("passdb {\n  driver = shadow\n  use_worker = yes\n}\n", "settings use_worker (passdb)"),
            ("ssl = yes\nplugin {\n}\n", "settings ssl; sections plugin"),
        ])
    func skipped(text: String, names: String) throws {
        #expect(try load(text).notices == ["skipped what Gatepost does not use: \(names)"])
    }

    @Test(
        "A socket whose name brings another protocol along is pointed out, unless that is said or Dovecot's own",
        arguments: [
            ("dovecot-login", "login", "login"), ("/x/sasl-master", "master", "master"), ("a-userdb", "userdb", "userdb"),
            ("x-tokenlogin", "token", "tokenlogin"), ("login", "login", "login"),
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
        #expect(try load(text.replacing(name, with: "auth-userdb")).notices == [])
        #expect(try load(text.replacing("0660", with: "0")).notices == [])
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
