import DovecotConfiguration
import Testing

@Suite("Printing")
struct PrinterTests {
    private let printer = ConfigurationPrinter()

    @Test("The default configuration is empty")
    func empty() {
        #expect(printer.text(AuthConfiguration()) == "")
    }

    /// `doveconf -n` 2.3.19.1 prints this for the same text, but for the socket without settings, which it leaves out.
    @Test("The fragments of issue 2")
    func fragments() throws {
        let text = IssueFragmentTests.service + IssueFragmentTests.passwordFile + IssueFragmentTests.shadow
        #expect(
            printer.text(try load(text).configuration) == """
                auth_debug = yes
                auth_debug_passwords = yes
                auth_mechanisms = plain login
                passdb {
                  args = username_format=%u /etc/dovecot/users
                  driver = passwd-file
                }
                passdb {
                  driver = shadow
                }
                service auth {
                  unix_listener /var/spool/postfix/private/auth {
                    group = postfix
                    mode = 0660
                    user = postfix
                  }
                  unix_listener auth-userdb {
                  }
                }

                """)
    }

    @Test("A 2.4 file is printed in 2.4's words")
    func newWords() throws {
        let text = """
            dovecot_config_version = 2.4.0
            auth_default_domain = example.org
            auth_username_format = %{user | upper}
            passdb passwd-file {
              auth_username_format = %{user}
              default_password_scheme = PLAIN
              passwd_file_path = /etc/users
            }
            passdb sys {
              driver = shadow
            }
            service auth {
              client_limit = 5
              unix_listener a-login {
                type = login
              }
              unix_listener auth-master {
                type = auth
              }
            }

            """
        #expect(printer.text(try load(text).configuration) == text)
    }

    @Test("What is printed reads back equal", arguments: 0..<400)
    func roundTrip(seed: UInt64) throws {
        var random = RandomConfiguration(seed: seed)
        let configuration = random.configuration()
        let printed = printer.text(configuration)
        let read = withoutLocations(try load(printed).configuration)
        #expect(read == withoutLocations(configuration), "\(firstDifference(read, configuration))\n\(printed)")
    }
}
