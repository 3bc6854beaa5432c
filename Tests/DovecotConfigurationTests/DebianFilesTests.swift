import DovecotConfiguration
import Testing

/// The files that the package dovecot-core 2.3.19 of Debian 12 brings.
@Suite("Debian's stock configuration", .enabled(if: !LocalConfigurationFiles().glob(stockFile).isEmpty))
struct DebianFilesTests {
    private static let local = LocalConfigurationFiles()

    @Test("has one error, the PAM passdb", arguments: ["/etc/dovecot", "/usr/share/dovecot"])
    func stock(directory: String) throws {
        do throws(ConfigurationErrors) {
            _ = try AuthConfiguration.load(path: "\(directory)/dovecot.conf", files: Self.local)
            Issue.record("driver = pam was accepted")
        } catch {
            let file = "\(directory)/conf.d/auth-system.conf.ext"
            let line = try #require(
                String(decoding: try Self.local.read(file), as: UTF8.self).split(
                    separator: "\n", omittingEmptySubsequences: false
                ).firstIndex { $0.hasPrefix("  driver = pam") })
            #expect(
                error.entries.map(\.description) == [
                    "\(file):\(line + 1): driver: \"pam\" is not supported because it asks PAM modules, which "
                        + "Gatepost does not run yet: use shadow for the passwords of system accounts; Gatepost has "
                        + "passwd-file, shadow, passwd and static"
                ])
        }
    }

    @Test("loads with another passdb, and one notice names what was skipped, another where the sockets are")
    func withoutPAM() throws {
        let databases = "passdb {\n  driver = shadow\n}\nuserdb {\n  driver = passwd\n}\n"
        var files = MemoryFiles(["/etc/dovecot/conf.d/auth-system.conf.ext": databases])
        for path in Self.local.glob("/etc/dovecot/{dovecot.conf,conf.d/*.conf}") {
            files.files[path] = try Self.local.read(path)
        }
        let loaded = try AuthConfiguration.load(path: "/etc/dovecot/dovecot.conf", files: files)
        #expect(loaded.configuration.passwordDatabases.map(\.driver) == [.shadow])
        #expect(loaded.configuration.userDatabases.map(\.driver) == [.passwd])
        #expect(loaded.configuration.listeners.map(\.path) == ["/run/gatepost/auth-userdb"])
        #expect(
            loaded.notices == [
                "sockets without a directory are in /run/gatepost: auth-userdb; Dovecot has them in /run/dovecot: tell the "
                    + "mail server, or set base_dir = /run/dovecot",
                "skipped what Gatepost does not use: settings mail_location, mail_privileged_group, ssl, ssl_cert, "
                    + "ssl_key, ssl_client_ca_dir, ssl_dh; sections dict, service director, service imap-login, "
                    + "service pop3-login, service submission-login, protocol lmtp, plugin, namespace, "
                    + "protocol !indexer-worker, service lmtp, service imap, service pop3, service submission, "
                    + "service auth-worker, service dict, protocol lda"
            ])
    }

    @Test(
        "its ways to log in load, or say why not",
        arguments: [
            ("deny", nil), ("master", nil), ("passwdfile", nil), ("static", nil), ("checkpassword", "checkpassword"),
            ("dict", "dict"), ("ldap", "ldap"), ("sql", "sql"), ("system", "pam"),
        ] as [(String, String?)])
    func fragments(name: String, driver: String?) throws {
        let path = "/usr/share/dovecot/conf.d/auth-\(name).conf.ext"
        // Debian has some of them in packages of their own.
        guard !Self.local.glob(path).isEmpty else { return }
        do throws(ConfigurationErrors) {
            _ = try AuthConfiguration.load(path: path, files: Self.local)
            #expect(driver == nil)
        } catch {
            let driver = try #require(driver, "\(error)")
            #expect(error.entries.count == 1)
            #expect(error.entries.first?.message.hasPrefix("driver: \"\(driver)\" is not supported because ") == true)
        }
    }

    @Test("its passwd-file passdb loads")
    func passwordFile() throws {
        let loaded = try AuthConfiguration.load(
            path: "/usr/share/dovecot/conf.d/auth-passwdfile.conf.ext", files: Self.local)
        #expect(loaded.configuration.passwordDatabases.count == 1)
        #expect(loaded.configuration.userDatabases.count == 1)
        #expect(loaded.notices == [])
    }
}

private let stockFile = "/etc/dovecot/conf.d/auth-system.conf.ext"
