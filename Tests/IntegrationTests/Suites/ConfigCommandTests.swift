import Testing

/// `gatepost config` as people run it.
@Suite(
    "Looking at a configuration", .timeLimit(.minutes(1)),
    .enabled(if: Places.exists(Places.gatepost), "needs gatepost (make test)"))
struct ConfigCommandTests {
    private let old = """
        auth_mechanisms = plain login
        passdb {
          driver = passwd-file
          args = username_format=%Ln /etc/users
        }
        userdb {
          driver = static
          args = uid=1000 home=/srv/%d/%n
        }
        service auth {
          unix_listener /run/x/auth {
            mode = 0660
          }
          unix_listener /run/x/dovecot-login {
            mode = 0660
          }
        }

        """

    private let new = """
        dovecot_config_version = 2.4.0
        dovecot_storage_version = 2.4.0
        auth_allow_weak_schemes = yes
        auth_mechanisms = plain login
        passdb passwd-file {
          auth_username_format = %{user | username | lower}
          passwd_file_path = /etc/users
        }
        service auth {
          unix_listener /run/x/auth {
            mode = 0660
          }
          unix_listener /run/x/dovecot-login {
            mode = 0660
            type = login
          }
        }
        userdb static {
          fields {
            uid = 1000
            home = /srv/%{user | domain}/%{user | username}
          }
        }

        """

    private func config(_ text: String, _ options: String...) throws -> ChildProcess.Outcome {
        let place = try TemporaryDirectory()
        defer { place.remove() }
        try place.write(text, to: "d.conf")
        return try ChildProcess.run([Places.gatepost, "config", "-c", "\(place.path)/d.conf"] + options)
    }

    /// What was printed, without the comment that names the file.
    private func settings(_ outcome: ChildProcess.Outcome) -> Substring {
        outcome.output.drop { $0 != "\n" }.dropFirst()
    }

    @Test("--to 2.4 prints 2.4's words, which read back, and warns of a name that surprises")
    func conversion() throws {
        let outcome = try config(old, "--to", "2.4")
        #expect(outcome.exit == .code(0), "\(outcome)")
        #expect(settings(outcome) == new)
        #expect(outcome.errors.contains("unix_listener /run/x/dovecot-login speaks the login protocol because its name"))
        let again = try config(new)
        #expect(again.exit == .code(0), "\(again)")
        #expect(settings(again) == new.replacing("dovecot_storage_version = 2.4.0\n", with: ""))
    }

    @Test("--to 2.4 ends with an error for what 2.4 can't say, and prints nothing of it")
    func impossible() throws {
        let outcome = try config(old + "auth_username_format = %Hu\n", "--to", "2.4")
        #expect(outcome.exit == .code(1), "\(outcome)")
        #expect(settings(outcome).isEmpty)
        #expect(outcome.errors.contains("auth_username_format: \"%Hu\": Dovecot 2.4 has no H"))
    }

    @Test("A mistake is named with its file and line, and the exit code is 78")
    func mistake() throws {
        let outcome = try config(old + "auth_username_format = %Zu\n")
        #expect(outcome.exit == .code(78), "\(outcome)")
        #expect(outcome.errors.contains("/d.conf:18: auth_username_format: \"%Zu\": %Z is no variable"))
    }

    @Test("What can't be written is said, and the exit code is 1: half a configuration is none")
    func fullDisk() throws {
        let place = try TemporaryDirectory()
        defer { place.remove() }
        try place.write(old, to: "d.conf")
        let words = ["sh", "-c", "exec \"$0\" config -c \"$1\" --to 2.4 > /dev/full", Places.gatepost, "\(place.path)/d.conf"]
        let outcome = try ChildProcess.run(words)
        #expect(outcome.exit == .code(1) && outcome.errors == "Error: can't write to standard output\n", "\(outcome)")
    }

    @Test("So are settings that ask for what can't be had, by serve as well; what may pass exits 1", arguments: [
        ("auth_mechanisms = plain lojin", "auth_mechanisms: unknown SASL mechanism \"LOJIN\"", 78),
        ("log_path = /nonexistent/log", "log_path = /nonexistent/log: can't open the log file", 1),
    ] as [(String, String, Int32)])
    func unavailable(line: String, words: String, code: Int32) throws {
        let place = try TemporaryDirectory()
        defer { place.remove() }
        let path = "\(place.path)/d.conf"
        let rest = "passdb {\n  driver = shadow\n}\nservice auth {\n  unix_listener \(place.path)/auth {\n  }\n}\n"
        try TextFile.write("base_dir = \(place.path)\n\(line)\n" + rest, to: path)
        let outcome = try ChildProcess.run([Places.gatepost, "serve", "-c", path])
        #expect(outcome.exit == .code(code) && outcome.errors.contains("gatepost: \(path):2: \(words)"), "\(outcome)")
        // Checking opens no log.
        guard line.hasPrefix("auth_mechanisms") else { return }
        let check = try ChildProcess.run([Places.gatepost, "config", "-c", path])
        #expect(check.exit == .code(code) && check.errors.contains("gatepost: \(path):2: \(words)"), "\(check)")
    }

    private static let passdb = "passdb {\n  driver = passwd-file\n  args = /etc/users\n}\n"
    private static let listener = "service auth {\n  unix_listener auth {\n  }\n}\n"

    @Test("What is missing in the configuration exits 78, for systemd starts that again otherwise", arguments: [
        (passdb, "no socket is configured"),
        (listener, "no passdb is configured"),
        (listener + passdb.replacing("args = ", with: "args = scheme=SHAA "), "there is no password scheme \"SHAA\""),
        (listener.replacing("auth {\n  }", with: "auth-token {\n    type = token\n  }") + passdb, "which Gatepost doesn't have"),
    ])
    func missing(text: String, words: String) throws {
        let place = try TemporaryDirectory()
        defer { place.remove() }
        let path = "\(place.path)/d.conf"
        try TextFile.write("base_dir = \(place.path)\n" + text, to: path)
        for command in ["serve", "config"] {
            let outcome = try ChildProcess.run([Places.gatepost, command, "-c", path])
            #expect(outcome.exit == .code(78) && outcome.errors.contains(words), "\(command): \(outcome)")
        }
    }

    @Test("A socket's account that isn't there is named with the listener's line, and exits 78; what may pass exits 1", arguments: [
        ("auth", "user = no-such-user", ":7: ", "there is no user \"no-such-user\" on this system", 78),
        ("auth", "group = no-such-group", ":7: ", "there is no group \"no-such-group\" on this system", 78),
        ("/nonexistent/auth", "mode = 0600", "", "/nonexistent/auth: ", 1),
        ("d.conf", "mode = 0600", "", "/d.conf: ", 1),
    ] as [(String, String, String, String, Int32)])
    func socketAccount(name: String, line: String, location: String, words: String, code: Int32) throws {
        let place = try TemporaryDirectory()
        defer { place.remove() }
        let path = "\(place.path)/d.conf"
        let listener = "service auth {\n  unix_listener \(name) {\n    \(line)\n  }\n}\n"
        try TextFile.write(Self.passdb + "base_dir = \(place.path)\n" + listener, to: path)
        let outcome = try ChildProcess.run([Places.gatepost, "serve", "-c", path])
        #expect(outcome.exit == .code(code) && outcome.errors.contains(words), "\(outcome)")
        #expect(location.isEmpty || outcome.errors.contains("gatepost: \(path)\(location)"), "\(outcome)")
    }
}
