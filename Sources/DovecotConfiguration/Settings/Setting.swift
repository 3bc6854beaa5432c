/// A definition together with the place that its value goes to.
struct Setting<Root>: Sendable {
    let definition: SettingDefinition

    /// Takes a value over; `nil` unless the setting is implemented.
    let assign: (@Sendable (inout Root, String, ConfigurationDialect) throws(ValueError) -> Void)?

    /// The value as a file would have it; `nil` where the printer knows better.
    let print: (@Sendable (Root, ConfigurationDialect) -> String?)?

    init(
        _ name: String, new newName: String? = nil, in section: SettingDefinition.Section,
        _ kind: SettingDefinition.Kind, default defaultValue: String, _ summary: String,
        status: SettingDefinition.Status = .implemented,
        assign: (@Sendable (inout Root, String, ConfigurationDialect) throws(ValueError) -> Void)? = nil,
        print: (@Sendable (Root, ConfigurationDialect) -> String?)? = nil
    ) {
        definition = SettingDefinition(
            name: name, newName: newName, section: section, kind: kind, defaultValue: defaultValue, summary: summary,
            status: status)
        self.assign = assign
        self.print = print
    }

    func hasName(_ name: String) -> Bool {
        definition.name == name || definition.newName == name
    }

    /// The name in that Dovecot's words.
    func name(in dialect: ConfigurationDialect) -> String {
        dialect == .dovecot24 ? definition.newName ?? definition.name : definition.name
    }
}

extension Setting {
    typealias Path<Value> = WritableKeyPath<Root, Value> & Sendable

    static func boolean(
        _ name: String, in section: SettingDefinition.Section, _ path: any Path<Bool>, default value: Bool = false,
        _ summary: String
    ) -> Self {
        Self(
            name, in: section, .boolean, default: SettingValue.text(value), summary,
            assign: { (root, text, _) throws(ValueError) in root[keyPath: path] = try SettingValue.boolean(text) },
            print: { root, _ in SettingValue.text(root[keyPath: path]) })
    }

    static func count(
        _ name: String, in section: SettingDefinition.Section, _ path: any Path<Int>, default value: Int,
        minimum: Int = 0, _ summary: String
    ) -> Self {
        Self(
            name, in: section, .count, default: String(value), summary,
            assign: { (root, text, dialect) throws(ValueError) in
                let count = try SettingValue.count(text, dialect: dialect)
                guard count >= minimum else { throw ValueError("must be at least \(minimum)") }
                root[keyPath: path] = count
            },
            print: { root, _ in String(root[keyPath: path]) })
    }

    static func time(
        _ name: String, in section: SettingDefinition.Section, _ path: any Path<Duration>, default value: Duration,
        milliseconds: Bool, mayBeZero: Bool, _ summary: String
    ) -> Self {
        Self(
            name, in: section, milliseconds ? .milliseconds : .seconds, default: SettingValue.text(value), summary,
            assign: { (root, text, _) throws(ValueError) in
                let time = try SettingValue.time(text, milliseconds: milliseconds)
                guard mayBeZero || time > .zero else { throw ValueError("must be longer than 0") }
                root[keyPath: path] = time
            },
            print: { root, _ in SettingValue.text(root[keyPath: path]) })
    }

    /// One of a few words, each a case of an enumeration.
    static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, in section: SettingDefinition.Section, _ path: any Path<Value>, default value: Value,
        _ summary: String
    ) -> Self {
        let words = Value.allCases.map(\.rawValue)
        return Self(
            name, in: section, .choice(words), default: value.rawValue, summary,
            assign: { (root, text, _) throws(ValueError) in
                guard let choice = Value(rawValue: text) else {
                    throw ValueError("\"\(text.shortened)\" is not one of \(words.joined(separator: ", "))")
                }
                root[keyPath: path] = choice
            },
            print: { root, _ in root[keyPath: path].rawValue })
    }

    static func text(
        _ name: String, new newName: String? = nil, in section: SettingDefinition.Section,
        _ path: any Path<String>,
        default value: String, _ summary: String,
        check: @escaping @Sendable (String) throws(ValueError) -> String = { $0 }
    ) -> Self {
        Self(
            name, new: newName, in: section, .text, default: value, summary,
            assign: { (root, text, _) throws(ValueError) in root[keyPath: path] = try check(text) },
            print: { root, _ in root[keyPath: path] })
    }

    static func refused(
        _ name: String, new newName: String? = nil, in section: SettingDefinition.Section,
        _ kind: SettingDefinition.Kind, default value: String, _ reason: String, _ summary: String
    ) -> Self {
        Self(name, new: newName, in: section, kind, default: value, summary, status: .refused(reason))
    }

    static func ineffective(
        _ name: String, new newName: String? = nil, in section: SettingDefinition.Section, _ reason: String,
        _ summary: String
    ) -> Self {
        Self(name, new: newName, in: section, .text, default: "", summary, status: .ineffective(reason))
    }
}
