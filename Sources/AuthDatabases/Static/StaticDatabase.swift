public import PasswordSchemes

/// Dovecot's static passdb: one answer for every name.
public final class StaticDatabase: PasswordDatabase {
    public let driver = "static"

    private let password: VariableTemplate?
    private let fields: [FieldTemplate]
    private let defaultScheme: PasswordScheme
    /// The password, if it is the same for all.
    private let everybodys: StoredPassword?
    private let none: StoredPassword?

    /// - Parameters:
    ///   - password: everybody's, with a `{SCHEME}` or in plain text; nil for none, so that only `nopassword` lets in.
    ///   - fields: everybody's extra fields.
    ///   - defaultScheme: of a password that doesn't name its own; Dovecot's is PLAIN.
    /// - Throws: ``PasswordSchemeError`` for a password without variables that can't be understood.
    public init(
        password: VariableTemplate?, fields: [FieldTemplate] = [], defaultScheme: PasswordScheme = .plain
    ) throws(PasswordSchemeError) {
        self.password = password
        self.fields = fields
        self.defaultScheme = defaultScheme
        none = try StoredPassword(parsing: "".utf8.span, defaultScheme: .plain)
        if let text = password?.literal {
            everybodys = try StoredPassword(parsing: text.utf8.span, defaultScheme: defaultScheme)
        } else {
            everybodys = nil
        }
    }

    public func immediateLookup(_ query: UserQuery) -> PasswordLookup? {
        let fields = fields.map { $0.expand(query) }
        guard let password else { return entry(none, fields, isEmpty: true) }
        if let literal = password.literal, let everybodys {
            return entry(everybodys, fields, isEmpty: Self.isEmpty(literal))
        }
        let text = password.expand(query)
        do throws(PasswordSchemeError) {
            let stored = try StoredPassword(parsing: text.utf8.span, defaultScheme: defaultScheme)
            return entry(stored, fields, isEmpty: Self.isEmpty(text))
        } catch {
            return .unusable(error, fields: fields, hasEmptyPassword: Self.isEmpty(text), decoy: nil)
        }
    }

    public func lookup(_ query: UserQuery) async -> PasswordLookup {
        immediateLookup(query) ?? .unknownUser(decoy: nil)
    }

    private func entry(_ password: StoredPassword?, _ fields: [ExtraField], isEmpty: Bool) -> PasswordLookup {
        guard let password else { return .unknownUser(decoy: nil) }
        return .found(PasswordEntry(password: password, fields: fields, hasEmptyPassword: isEmpty))
    }

    /// Whether nothing follows the scheme, if there is one.
    private static func isEmpty(_ text: String) -> Bool {
        text.isEmpty || text.hasPrefix("{") && text.firstIndex(of: "}") == text.indices.last
    }
}

extension VariableTemplate {
    /// The text, if it is the same for every login.
    package var literal: String? {
        isConstant ? expand(UserQuery(user: "")) : nil
    }
}
