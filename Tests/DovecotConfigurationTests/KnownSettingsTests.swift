import DovecotConfiguration
import Testing

/// No setting of Dovecot that is about logins is unknown here, and none is passed over without a word.
@Suite("Settings of Dovecot's auth service")
struct KnownSettingsTests {
    /// A setting behind its section, as the lists in `Recordings` have them.
    struct Name: Sendable, CustomStringConvertible {
        let dialect: ConfigurationDialect
        let section: SettingDefinition.Section
        let name: String

        var description: String { "\(section == .global ? "global" : section.rawValue) \(name)" }

        /// 2.3.19.1: `doveconf -a`, by `record.sh`. 2.4.4: what the sources define for the auth service, its sockets and
        /// its databases of the drivers that are here.
        static func list(_ file: String, _ dialect: ConfigurationDialect) -> [Name] {
            let path = "\(RecordedCaseTests.directory)/../settings-\(file).txt"
            let text = try? String(decoding: LocalConfigurationFiles().read(path), as: UTF8.self)
            return (text ?? "").split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ").map(String.init)
                let section = SettingDefinition.Section(rawValue: words.dropLast().joined(separator: " "))
                guard let name = words.last, section != nil || words.first == "global" else { return nil }
                return Name(dialect: dialect, section: section ?? .global, name: name)
            }
        }
    }

    static let names = Name.list("2.3.19.1", .dovecot23) + Name.list("2.4.4", .dovecot24)

    @Test("The lists are there")
    func lists() {
        #expect(Self.names.count { $0.dialect == .dovecot23 } == 83)
        #expect(Self.names.count { $0.dialect == .dovecot24 } == 96)
    }

    /// Those that are sections, with a file that has one and what is said of it.
    private static let sections: [String: (text: String, errors: [String])] = [
        "passdb fields": ("passdb shadow {\n  fields {\n    x = y\n  }\n}\n", []),
        "userdb fields": ("userdb passwd {\n  fields {\n    x = y\n  }\n}\n", []),
        "global auth_policy": (
            "auth_policy {\n  x = y\n}\n", ["/etc/d.conf:2: section auth_policy is not supported yet; remove it"]
        ),
    ]

    @Test("Each is in the table under the name that its Dovecot has for it, or is a section", arguments: names)
    func known(setting: Name) {
        if let section = Self.sections[setting.description] {
            #expect(errors(in: "dovecot_config_version = 2.4.0\n" + section.text) == section.errors)
            return
        }
        let isKnown = SettingTable.definitions.contains { definition in
            let name = setting.dialect == .dovecot24 ? definition.newName ?? definition.name : definition.name
            return definition.section == setting.section && name == setting.name
        }
        #expect(isKnown)
    }

    @Test(
        "Each that is refused is refused by its name with the reason, and taken with Dovecot's default",
        arguments: SettingTable.definitions.filter { if case .refused = $0.status { true } else { false } }.map(\.name))
    func refused(name: String) throws {
        let definition = try #require(SettingTable.definitions.first { $0.name == name })
        guard case .refused(let reason) = definition.status else { return }
        let value: String
        switch definition.kind {
        case .boolean: value = definition.defaultValue == "yes" ? "no" : "yes"
        case .count: value = "7"
        default: value = "/something"
        }
        let (text, line) = Self.place(definition, value)
        let (same, _) = Self.place(definition, definition.defaultValue)
        #expect(
            errors(in: text) == [
                "/etc/d.conf:\(line): \(name): not supported because \(reason) (only the default "
                    + "\"\(definition.defaultValue)\" is)"
            ])
        #expect(reason.count > 10)
        #expect(errors(in: same) == [])
    }

    @Test(
        "Each that has no effect says so, with the reason",
        arguments: SettingTable.definitions.filter { if case .ineffective = $0.status { true } else { false } })
    func ineffective(definition: SettingDefinition) throws {
        guard case .ineffective(let reason) = definition.status else { return }
        let (text, line) = Self.place(definition, definition.kind == .boolean ? "yes" : "7")
        let place = definition.section == .global ? "" : " in \(definition.section.rawValue)"
        let notices = try load(text).notices
        #expect(notices == ["/etc/d.conf:\(line): \(definition.name)\(place) has no effect here, because \(reason)"])
        #expect(reason.count > 10)
    }

    /// A file with the setting in its section, and the setting's line.
    private static func place(_ definition: SettingDefinition, _ value: String) -> (String, Int) {
        let line = "\(definition.name) = \(value)\n"
        return switch definition.section {
        case .global: (line, 1)
        case .service: ("service auth {\n\(line)}\n", 2)
        case .listener: ("service auth {\nunix_listener x {\n\(line)}\n}\n", 3)
        case .passwordDatabase: ("passdb {\ndriver = shadow\n\(line)}\n", 3)
        case .userDatabase: ("userdb {\ndriver = passwd\n\(line)}\n", 3)
        }
    }
}
