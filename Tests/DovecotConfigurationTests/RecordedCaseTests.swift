import DovecotConfiguration
import Testing

/// Each case was given to `doveconf -n -x` 2.3.19.1 by `Recordings/record.sh`.
@Suite("What doveconf 2.3.19.1 says of a file")
struct RecordedCaseTests {
    static let directory = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Recordings/cases"

    static let names: [String] = LocalConfigurationFiles().glob("\(directory)/*/dovecot.conf").compactMap {
        $0.split(separator: "/").dropLast().last.map(String.init)
    }

    /// LocalConfigurationFiles, with the one variable that was set while recording.
    struct RecordedFiles: ConfigurationFiles {
        func read(_ path: String) throws(FileReadError) -> [UInt8] { try LocalConfigurationFiles().read(path) }
        func glob(_ pattern: String) -> [String] { LocalConfigurationFiles().glob(pattern) }
        func environmentVariable(_ name: String) -> String? { name == "GATEPOST_TEST" ? "moon" : nil }
    }

    /// Where doveconf's own output would not read back as what it shows.
    static let differences = [
        // doveconf leaves out the last of these sockets.
        "listeners-in-order": "service auth {\n"
            + ["B", "/a/b", "/z", "a-b", "a", "b"].map { "  unix_listener \($0) {\n    mode = 0660\n  }\n" }.joined()
            + "}\n",
        // doveconf prints the text of a variable without the quotes that kept it text.
        "quotes-shield-variables": "auth_default_realm = \"$auth_debug\"\n",
        // doveconf takes `return` for the beginning of the default `return-ok` and leaves it out.
        "userdb-rules": """
            userdb {
              args = uid=vmail gid=1000 home=/srv/mail/%d/%n allow_all_users=yes
              driver = static
            }
            userdb {
              args = username_format=%u /etc/users
              auth_verbose = yes
              default_fields = quota=1
              driver = passwd-file
              name = files
              override_fields = home=/home/%u
              result_failure = continue-fail
              result_internalfail = return-fail
              result_success = return
              skip = found
            }
            userdb {
              driver = prefetch
            }
            userdb {
              driver = passwd
            }

            """,
        // doveconf prints empty names in the sections of protocols, and not what an ! section adds to another.
        "protocol-filter": """
            auth_verbose = yes
            passdb {
              driver = shadow
            }
            protocol imap {
              auth_default_realm = example.org
              auth_username_format = %n
              auth_verbose = no
              passdb {
                args = /etc/imap
                driver = passwd-file
              }
              userdb {
                driver = prefetch
              }
            }
            protocol !smtp {
              auth_username_format = %n
            }

            """,
        // doveconf escapes single quotes, too, which 2.4 refuses to read.
        "unclosed-quote-shields-comment": "auth_default_realm = \"it's # c\"\n",
    ]

    @Test("All cases are there")
    func count() {
        #expect(Self.names.count == 138)
    }

    @Test("is what Gatepost says: the same settings, or an error on the same line", arguments: names)
    func agrees(name: String) throws {
        let directory = "\(Self.directory)/\(name)"
        let recorded = String(decoding: try RecordedFiles().read("\(directory)/expected.txt"), as: UTF8.self)
        let lines = recorded.split(separator: "\n", omittingEmptySubsequences: true).filter {
            !$0.hasPrefix("doveconf: Warning:") && !$0.hasPrefix("login_greeting")
        }
        let fatal = lines.first { $0.hasPrefix("doveconf: Fatal: ") }
        do throws(ConfigurationErrors) {
            let loaded = try AuthConfiguration.load(path: "\(directory)/dovecot.conf", files: RecordedFiles())
            #expect(fatal == nil, "Gatepost accepts what Dovecot refuses")
            let printed = ConfigurationPrinter().text(loaded.configuration)
            #expect(printed == Self.differences[name] ?? lines.map { $0 + "\n" }.joined())
        } catch {
            let first = try #require(error.entries.first)
            let fatal = try #require(fatal, "Dovecot accepts what Gatepost refuses: \(first)")
            #expect(error.entries.count == 1)
            if let (file, line) = place(of: fatal) {
                #expect(first.location == SourceLocation(file: "\(directory)/\(file)", line: line))
            }
        }
    }

    @Test("All defaults of Dovecot load, and are ours but for the account and the directory")
    func defaults() throws {
        let path = "\(Self.directory)/../defaults.conf"
        let loaded = try AuthConfiguration.load(path: path, files: RecordedFiles())
        var expected = AuthConfiguration()
        expected.baseDirectory = "/run/dovecot"
        expected.defaultInternalUser = "dovecot"
        expected.serviceUser = "dovecot"
        var configuration = loaded.configuration
        #expect(
            configuration.listeners.map(\.path) == [
                "auth-client", "auth-login", "auth-master", "auth-userdb", "login/login", "token-login/tokenlogin",
            ].map { "/run/dovecot/\($0)" })
        #expect(configuration.listeners.map(\.mode) == [0o600, 0o600, 0o600, 0o666, 0o666, 0o666])
        #expect(configuration.listeners.map(\.user) == ["dovecot", "dovecot", nil, "dovecot", nil, nil])
        #expect(configuration.listeners.map(\.kind) == [.client, .login, .master, .userdb, .login, .token])
        configuration.listeners = []
        #expect(configuration == expected)
        // The file names everything, and so what has no effect as well.
        #expect(loaded.notices.count { $0.hasPrefix("skipped what Gatepost does not use") } == 1)
        #expect(loaded.notices.dropLast().allSatisfy { $0.contains(" has no effect here, because ") })
    }

    /// `… file F line N: …` or `… (section started at F:N)`; `nil` where Dovecot names no line.
    private func place(of message: Substring) -> (file: String, line: Int)? {
        if let match = message.firstMatch(of: /configuration file (\S+) line (\d+):/), let line = Int(match.2) {
            return (String(match.1), line)
        }
        if let match = message.firstMatch(of: /section started at (\S+):(\d+)\)/), let line = Int(match.2) {
            return (String(match.1), line)
        }
        return nil
    }
}
