import DovecotConfiguration
import Testing

@Suite("Mistakes are named with their place and the remedy")
struct ErrorTests {
    @Test(
        "A name that is nearly right",
        arguments: [
            ("auth_mechanism = plain\n", "unknown setting \"auth_mechanism\" (did you mean \"auth_mechanisms\"?)"),
            ("auth_verbos = yes\n", "unknown setting \"auth_verbos\" (did you mean \"auth_verbose\"?)"),
            ("auth_defualt_realm = x\n",
             "unknown setting \"auth_defualt_realm\" (did you mean \"auth_default_realm\"?)"),
            ("gatepost_hash_thread = 1\n",
             "unknown setting \"gatepost_hash_thread\" (did you mean \"gatepost_hash_threads\"?)"),
            ("mail_locaton = x\n", "unknown setting \"mail_locaton\" (did you mean \"mail_location\"?)"),
            ("completely_different = x\n", "unknown setting \"completely_different\""),
            ("pasdb {\n}\n", "unknown section \"pasdb\" (did you mean \"passdb\"?)"),
            ("quux {\n}\n", "unknown section \"quux\""),
            ("unix_listener x {\n}\n", "unix_listener: put it into service auth {}"),
            ("auth_realms {\n}\n", nil),
            ("base_dir {\n}\n", "base_dir is a setting; write base_dir = value"),
        ])
    func nearMisses(text: String, message: String?) {
        #expect(errors(in: text) == (message.map { ["/etc/d.conf:1: \($0)"] } ?? []))
    }

    @Test(
        "A name that is unknown in its section",
        arguments: [
            ("service auth {\n  usr = x\n}\n", "unknown setting \"usr\" in service auth (did you mean \"user\"?)"),
            ("service auth {\n  auth_verbose = yes\n}\n", "unknown setting \"auth_verbose\" in service auth"),
            ("service auth {\n  unix_listner x {\n  }\n}\n",
             "unknown section \"unix_listner\" in service auth (did you mean \"unix_listener\"?)"),
            ("service auth {\n  inet_listener x {\n    port = 1\n  }\n}\n",
             "inet_listener x is not supported because Gatepost listens only on Unix sockets so far; use a unix_listener in "
                + "its place (for Postfix: /var/spool/postfix/private/auth, with smtpd_sasl_path = private/auth)"),
            ("service auth {\n  unix_listener {\n  }\n}\n", "unix_listener needs a path; write unix_listener PATH {"),
            ("passdb {\n  drivr = shadow\n}\n", "unknown setting \"drivr\" in passdb (did you mean \"driver\"?)"),
            ("passdb {\n  foo {\n  }\n}\n", "unknown section \"foo\" in passdb"),
            ("passdb {\n  auth_failure_delay = 1 s\n}\n",
             "auth_failure_delay is not supported inside a passdb, because it is about logins as a whole; move it out of "
                + "the section"),
            ("local 10.0.0.1 {\n  auth_verbose = yes\n}\n",
             "auth_verbose is not supported inside \"local 10.0.0.1\" because auth knows filters by protocol only; "
                + "move it out of the section"),
            ("remote 10.0.0.1 {\n  passdb {\n  }\n}\n",
             "passdb is not supported inside \"remote 10.0.0.1\" because auth knows filters by protocol only; "
                + "move it out of the section"),
            ("protocol smtp {\n  passdb {\n  }\n}\n",
             "passdb has no driver; add driver = passwd-file, or another of passwd-file, shadow, passwd and static"),
            ("protocol smtp {\n  auth_failure_delay = 1\n}\n",
             "auth_failure_delay: \"1\" has no unit; write for example 1 secs"),
            ("remote 10.0.0.0/8 {\n  auth_verbos = yes\n}\n",
             "unknown setting \"auth_verbos\" (did you mean \"auth_verbose\"?)"),
        ])
    func unknownInside(text: String, message: String) {
        #expect(errors(in: text) == ["/etc/d.conf:2: \(message)"])
    }

    @Test(
        "A value that is wrong",
        arguments: [
            ("auth_debug = true", "auth_debug: \"true\" is neither yes nor no"),
            ("auth_failure_delay = 2", "auth_failure_delay: \"2\" has no unit; write for example 2 secs"),
            ("auth_failure_delay = x", "auth_failure_delay: \"x\" is not a time; write one like 2 secs"),
            ("auth_failure_delay = 2 parsecs",
             "auth_failure_delay: \"2 parsecs\" is not a time; use msecs, secs, mins, hours, days or weeks"),
            ("auth_failure_delay = 1500 msecs", "auth_failure_delay: \"1500 msecs\" is not in whole seconds"),
            ("auth_failure_delay = 9999999999 s", "auth_failure_delay: \"9999999999 s\" is too long a time"),
            ("gatepost_request_deadline = 0", "gatepost_request_deadline: must be longer than 0"),
            ("gatepost_hash_threads = two", "gatepost_hash_threads: \"two\" is not a number from 0 to 4294967295"),
            ("gatepost_hash_queue_limit = 0", "gatepost_hash_queue_limit: must be at least 1"),
            ("auth_mechanisms =", "auth_mechanisms: name at least one mechanism, such as plain"),
            ("auth_mechanisms = pl@in", "auth_mechanisms: \"PL@IN\" is not the name of a mechanism"),
            ("auth_username_translation = abc",
             "auth_username_translation: write pairs of characters, each followed by its replacement"),
            ("log_path = auth.log", "log_path: \"auth.log\" is neither syslog nor a path that begins with /"),
            ("syslog_facility = post",
             "syslog_facility: \"post\" is not a facility; use mail, auth, daemon, local0 …"),
            ("base_dir = run", "base_dir: \"run\" must begin with /"),
            ("default_internal_user =", "default_internal_user: name an account"),
            ("default_client_limit = 0", "default_client_limit: must be at least 1"),
            ("auth_default_realm = $nope", "auth_default_realm: unknown variable $nope"),
            ("auth_default_realm = $mail_location",
             "auth_default_realm: $mail_location is not set above, and Gatepost does not know its default; "
                + "write the value"),
            ("auth_default_realm = <nope", "auth_default_realm: cannot read /etc/nope: No such file or directory"),
            ("auth_default_realm = <d.conf",
             "auth_default_realm: the value holds a line break or a control character"),
            ("passwd_file_path = /x", "passwd_file_path: put it into the passdb section that it is for"),
            ("driver = shadow", "driver: put it into the passdb or userdb section that it is for"),
            ("args = /etc/gatepost/users", "args: put it into the passdb or userdb section that it is for"),
            ("static_password = x", "static_password: put it into the passdb section that it is for"),
            ("mode = 0660", "mode: put it into the unix_listener section that it is for"),
            ("group = postfix", "group: put it into the unix_listener or service section that it is for"),
            ("client_limit = 1", "client_limit: put it into the service section that it is for"),
            ("auth_user = root", "auth_user: write user in service auth {} instead"),
            ("@group = x", "@group: groups of settings are not supported; write the settings out"),
        ])
    func values(line: String, message: String) {
        #expect(errors(in: "\(line)\n\n") == ["/etc/d.conf:1: \(message)"])
    }

    @Test("Variables of the environment that are not set are named beside what is wrong without them")
    func unsetVariables() {
        let text = "base_dir = $ENV:RUN\npassdb {\n  driver = passwd-file\n  args = username_format=%u $ENV:USERS\n}\n"
        var files = MemoryFiles(["/etc/d.conf": text])
        #expect(
            errors(in: files) == [
                "/etc/d.conf:1: base_dir: \"\" must begin with /",
                "/etc/d.conf:1: the environment variable RUN is not set, so that $ENV:RUN is nothing",
                "/etc/d.conf:2: passwd-file has no file; add args = /path/to/users (2.3) or passwd_file_path = "
                    + "/path/to/users (2.4)",
                "/etc/d.conf:4: the environment variable USERS is not set, so that $ENV:USERS is nothing",
            ])
        files.environment = ["RUN": "", "USERS": "/users"]
        #expect(errors(in: files) == ["/etc/d.conf:1: base_dir: \"\" must begin with /"])
    }

    // What is said before the semicolon is as without that character, and shows nothing wrong.
    @Test(
        "A character that nobody sees, or takes for another, is named",
        arguments: [
            ("\u{FEFF}auth_debug = yes",
             "unknown setting \"\u{FEFF}auth_debug\" (did you mean \"auth_debug\"?); the line holds U+FEFF (a byte order "
                + "mark), which is not shown; save the file as UTF-8 without one"),
            ("\u{FEFF}# A comment",
             "expected \"=\" or \"{\" after \"\u{FEFF}\": write key = value, or section {; the line holds U+FEFF (a byte "
                + "order mark), which is not shown; save the file as UTF-8 without one"),
            ("auth_debug = yes\u{A0}",
             "auth_debug: \"yes\u{A0}\" is neither yes nor no; the line holds U+00A0 (no-break space), which looks like a "
                + "blank; type a blank in its place"),
            ("auth_debug = \u{200B}yes",
             "auth_debug: \"\u{200B}yes\" is neither yes nor no; the line holds U+200B (zero width space), which is not "
                + "shown; take it out"),
            ("auth_debug = \u{201C}yes\u{201D}",
             "auth_debug: \"\u{201C}yes\u{201D}\" is neither yes nor no; the line holds U+201C (left double quotation mark), "
                + "which is no quote; type \" in its place"),
            ("passdb passwd\u{2011}file",
             "expected \"=\" or \"{\" after \"passdb\": write key = value, or section {; the line holds U+2011 "
                + "(non-breaking hyphen), which is no hyphen; type - in its place"),
            ("auth_debug = mäßig # \u{201C}yes\u{201D}", "auth_debug: \"mäßig\" is neither yes nor no"),
            ("auth_debug = \\\n\u{A0}yes",
             "auth_debug: \"\u{A0}yes\" is neither yes nor no; the line holds U+00A0 (no-break space), which looks like a "
                + "blank; type a blank in its place"),
        ])
    func strayCharacters(lines: String, message: String) {
        let line = lines.contains("\n") ? 2 : 1
        #expect(errors(in: "\(lines)\n\n") == ["/etc/d.conf:\(line): \(message)"])
        let comment = "# \(lines.replacing("\n", with: "\n# "))\n"
        #expect(errors(in: comment + "auth_debug = x\n").first?.hasSuffix("nor no") == true)
    }

    // This and the next were found by Fuzz: what was printed could not be read again.
    @Test("A quote within a section's name is an error", arguments: ["a\"b#c\"", "x\""])
    func quoteInName(name: String) {
        let text = "passdb \(name) {\n  driver = shadow\n}\n"
        #expect(errors(in: text) == ["/etc/d.conf:1: the section's name holds a quote; leave it out"])
    }

    @Test("A control character in a section's name is an error", arguments: ["\\\u{8}", "\"a\u{1}b\""])
    func controlCharacter(name: String) {
        let text = "passdb \(name) {\n  driver = shadow\n}\n"
        #expect(errors(in: text) == ["/etc/d.conf:1: the section's name holds a control character"])
    }

    @Test(
        "A value that is wrong in a section",
        arguments: [
            ("service auth", "client_limit = x", "client_limit: \"x\" is not a number from 0 to 4294967295"),
            ("service auth", "chroot = /x",
             "chroot: not supported because Gatepost needs the files of its passdbs (only the default \"\" is)"),
            ("passdb", "driver = sql",
             "driver: \"sql\" is not supported because Gatepost does not ask SQL servers yet: "
                + "export the accounts to a passwd-file; Gatepost has passwd-file, shadow, passwd and static"),
        ])
    func valuesInSections(section: String, line: String, message: String) {
        #expect(errors(in: "\(section) {\n  \(line)\n}\n") == ["/etc/d.conf:2: \(message)"])
    }

    @Test(
        "A value that is wrong in a listener",
        arguments: [
            ("mode = 0999", "mode: \"0999\" is not a mode; write one like 0660"),
            ("mode = rw", "mode: \"rw\" is not a mode; write one like 0660"),
            ("mode = 0100000", "mode: \"0100000\" is not a mode; write one like 0660"),
            ("type = imap",
             "type: \"imap\" is not one of auth, auth-legacy, login, master, userdb, token, token-login"),
            ("gatepost_temporary_failure = never",
             "gatepost_temporary_failure: \"never\" is not one of auto, close, reply"),
            ("owner = x", "unknown setting \"owner\" in unix_listener"),
        ])
    func valuesInListeners(line: String, message: String) {
        let text = "service auth {\n  unix_listener x {\n    \(line)\n  }\n}\n"
        #expect(errors(in: text) == ["/etc/d.conf:3: \(message)"])
    }

    @Test(
        "A passdb that cannot be used",
        arguments: [
            ("", 1, "passdb has no driver; add driver = passwd-file, or another of passwd-file, shadow, passwd and static"),
            ("driver = passwd-file", 1,
             "passwd-file has no file; add args = /path/to/users (2.3) or passwd_file_path = /path/to/users (2.4)"),
            ("driver = passwd-file\nargs = users", 3,
             "args: \"users\" is no setting and no path; a path begins with /"),
            ("driver = passwd-file\nargs = schema=CRYPT /x", 3,
             "args: unknown setting \"schema\"; passwd-file has scheme= and username_format="),
            ("driver = passwd-file\nargs = /x\npasswd_file_path = /y", 3,
             "args and passwd_file_path both name the file; keep one of them"),
            ("driver = passwd-file\npasswd_file_path = y", 3, "passwd_file_path: \"y\" must begin with /"),
            ("driver = shadow\nargs = x=y", 3, "args: the shadow driver takes none; remove \"x=y\""),
            ("driver = shadow\npasswd_file_path = /x", 3,
             "passwd_file_path: the shadow driver has no such setting; remove it"),
            ("driver = passwd\ndefault_password_scheme = PLAIN", 3,
             "default_password_scheme: passwd passwords are always CRYPT; remove it"),
            ("driver = shadow\ndeny = maybe", 3, "deny: \"maybe\" is neither yes nor no"),
            ("driver = shadow\nresult_failure = go on", 3,
             "result_failure: \"go on\" is not one of return-ok, return, return-fail, continue, continue-ok, "
                + "continue-fail"),
            ("driver = shadow\nskip = found", 3,
             "skip: \"found\" is not one of never, authenticated, unauthenticated"),
            ("driver = static", 1,
             "the static driver needs a password; add args = password=TEXT or nopassword (2.3), or "
                + "static_password = TEXT (2.4)"),
            ("driver = static\nargs = =x", 3, "args: \"=x\" has no name before \"=\"; write name=value"),
            ("driver = static\nstatic_password = x\npasswd_file_path = /x", 4,
             "passwd_file_path: the static driver has no such setting; remove it"),
            ("driver = ldap\nldap_filter = x\ndeny = yes", 2,
             "driver: \"ldap\" is not supported because Gatepost does not ask LDAP servers yet: "
                + "export the accounts to a passwd-file; Gatepost has passwd-file, shadow, passwd and static"),
        ])
    func databases(lines: String, line: Int, message: String) {
        #expect(errors(in: "passdb {\n\(lines)\n}\n") == ["/etc/d.conf:\(line): \(message)"])
    }

    @Test(
        "A template that can't be expanded is refused where it stands",
        arguments: [
            ("auth_username_format = %Zu",
             "auth_username_format: \"%Zu\": %Z is no variable or modifier of Dovecot 2.3"),
            ("passdb {\n  driver = passwd-file\n  args = /etc/%w/users\n}",
             "args: \"/etc/%w/users\": %{password} is not here because the password would be copied to where it is not "
                + "wiped"),
            ("passdb {\n  driver = shadow\n  default_fields = a=%u b=%{x}\n}",
             "default_fields: \"%{x}\": there is no variable \"x\" here, or Gatepost has it not"),
            ("userdb x {\n  driver = passwd\n  fields {\n    home = %{user | nothing}\n  }\n}",
             "home: \"%{user | nothing}\": there is no filter \"nothing\""),
        ])
    func templates(text: String, message: String) {
        let line = text.contains("fields {") ? 4 : text.contains("\n") ? 3 : 1
        #expect(errors(in: text + "\n") == ["/etc/d.conf:\(line): \(message)"])
    }

    @Test(
        "Chain settings with their defaults are harmless",
        arguments: [
            "deny = no", "pass = no", "master = no", "skip = never", "result_success = return-ok",
            "result_failure = continue", "result_internalfail = continue", "default_fields =", "override_fields =",
            "mechanisms =", "username_filter =", "auth_verbose = default", "use_cache = yes",
        ])
    func harmless(line: String) {
        #expect(errors(in: "passdb {\n  driver = shadow\n  \(line)\n}\n") == [])
    }

    @Test("A refused setting says why and never shows its value, which may be a secret")
    func refused() {
        #expect(
            errors(in: "auth_policy_hash_nonce = s3cret\nauth_policy_server_url = http://u:s3cret@x/\n") == [
                "/etc/d.conf:1: auth_policy_hash_nonce: not supported because Gatepost does not ask policy servers yet "
                    + "(only the default \"\" is)",
                "/etc/d.conf:2: auth_policy_server_url: not supported because Gatepost does not ask policy servers yet "
                    + "(only the default \"\" is)",
            ])
    }

    @Test("Every refused setting is refused with another value")
    func everyRefused() {
        for definition in SettingTable.definitions where definition.section == .global {
            guard case .refused = definition.status else { continue }
            let value =
                switch definition.kind {
                case .boolean: definition.defaultValue == "yes" ? "no" : "yes"
                case .seconds, .milliseconds: "77 secs"
                case .count, .size: "77"
                default: "other"
                }
            let messages = errors(in: "\(definition.name) = \(value)\n")
            #expect(messages.count == 1)
            #expect(messages.first?.hasPrefix("/etc/d.conf:1: \(definition.name): not supported because ") == true)
        }
    }

    @Test("All mistakes come at once, in the order of the files")
    func all() {
        let files = MemoryFiles([
            "/etc/d.conf": "foo = 1\n!include a\n}\nauth_debug = maybe\n", "/etc/a": "bar = 2\npassdb {\n}\n",
        ])
        #expect(
            errors(in: files) == [
                "/etc/d.conf:1: unknown setting \"foo\"",
                "/etc/d.conf:3: \"}\" closes nothing here; remove it, or look for a missing \"{\" above",
                "/etc/d.conf:4: auth_debug: \"maybe\" is neither yes nor no",
                "/etc/a:1: unknown setting \"bar\"",
                "/etc/a:2: passdb has no driver; add driver = passwd-file, or another of passwd-file, shadow, passwd and "
                    + "static",
            ])
    }

    @Test("Two listeners at one path")
    func samePath() {
        let text = """
            service auth {
              unix_listener a {
              }
              unix_listener /run/gatepost/a {
              }
            }
            """
        #expect(
            errors(in: text) == [
                "/etc/d.conf:4: unix_listener /run/gatepost/a is already at /etc/d.conf:2; join them"
            ])
    }

    @Test("2.4's version line must be first and name a version of 2.4")
    func version() {
        #expect(
            errors(in: "auth_debug = yes\ndovecot_config_version = 2.4.1\n") == [
                "/etc/d.conf:2: dovecot_config_version must be the first setting of the configuration"
            ])
        #expect(
            errors(in: "dovecot_config_version = 2.3.19\n") == [
                "/etc/d.conf:1: dovecot_config_version: write a version of Dovecot 2.4, such as 2.4.1; "
                    + "leave the line out for 2.3"
            ])
    }

    @Test("A file that is missing or may not be read")
    func missing() {
        #expect(errors(in: MemoryFiles([:])) == ["/etc/d.conf: cannot read the file: No such file or directory"])
        #expect(
            errors(in: MemoryFiles(["/etc/d.conf": ""], unreadable: ["/etc/d.conf"])) == [
                "/etc/d.conf: cannot read the file: Permission denied"
            ])
        #expect(
            errors(in: MemoryFiles(["/etc/d.conf": "!include a\n", "/etc/a": ""], unreadable: ["/etc/a"])) == [
                "/etc/d.conf:1: cannot read /etc/a: Permission denied"
            ])
    }
}
