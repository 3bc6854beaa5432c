/// A text with variables, `%Lu` (Dovecot 2.3) or `%{user | lower}` (2.4), parsed once and expanded for every login.
public struct VariableTemplate: Sendable, Hashable {
    /// How variables are written.
    public enum Syntax: Sendable, Hashable {
        case dovecot23, dovecot24
    }

    /// What is wrong with a template.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// Why a good template has no text for one login, such as a part that lies behind the end of the name.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// Where the fields of `%{passdb:NAME}` and `%{userdb:NAME}` come from.
    public enum FieldOwner: String, Sendable, Hashable {
        case passdb, userdb
    }

    enum Piece: Hashable, Sendable {
        case literal(String)
        /// What nearly all templates consist of; neither copies nor numbers are needed for it.
        case variable(TemplateVariable, [NameFilter])
        case classic(ClassicExpansion)
        case pipeline(Pipeline)
    }

    let pieces: [Piece]

    /// The user's name as it is.
    public static let user = VariableTemplate(pieces: [.variable(.user, [])])
    /// The user's name in lower case: Dovecot's default `auth_username_format`.
    public static let lowerCaseUser = VariableTemplate(pieces: [.variable(.user, [.lower])])

    init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// - Parameter constant: the value of what is the same for all logins: `env:NAME` and `hostname`; nil for unknown.
    /// - Throws: ``Fault`` for a variable, modifier or filter that doesn't exist, or that Gatepost doesn't have.
    public init(
        parsing text: String, syntax: Syntax, constant: @escaping (String) -> String? = { _ in nil }
    ) throws(Fault) {
        switch syntax {
        case .dovecot23:
            var parser = ClassicTemplateParser(text, constant: constant)
            pieces = try parser.pieces()
        case .dovecot24:
            var parser = PipelineTemplateParser(text, constant: constant)
            pieces = try parser.pieces()
        }
    }

    /// The text is the same for every login.
    public var isConstant: Bool {
        pieces.allSatisfy { if case .literal = $0 { true } else { false } }
    }

    /// The text before the first variable.
    public var constantPrefix: String {
        if case .literal(let text) = pieces.first { text } else { "" }
    }

    /// The text for one login; what is not known, or fails, is empty. Only ASCII letters change case, as in Dovecot.
    public func expand(_ query: UserQuery) -> String {
        if pieces.count == 1, case .variable(let variable, let filters) = pieces[0] {
            return filters.reduce(variable.value(query)) { $1.apply(to: $0) }
        }
        let context = ExpansionContext(query: query) { _, _ in nil }
        return pieces.reduce(into: "") { text, piece in text += (try? piece.text(context)) ?? "" }
    }

    /// The text for one login; what is not known is empty.
    ///
    /// - Parameter field: the fields that databases have given so far.
    public func expand(
        _ query: UserQuery, field: @escaping (FieldOwner, String) -> String?
    ) throws(Failure) -> String {
        let context = ExpansionContext(query: query, field: field)
        var text = ""
        for piece in pieces { text += try piece.text(context) }
        return text
    }
}

/// What variables are expanded from.
struct ExpansionContext {
    let query: UserQuery
    let field: (VariableTemplate.FieldOwner, String) -> String?
}

extension VariableTemplate.Piece {
    func text(_ context: ExpansionContext) throws(VariableTemplate.Failure) -> String {
        switch self {
        case .literal(let text): text
        case .variable(let variable, let filters):
            filters.reduce(variable.value(context.query)) { $1.apply(to: $0) }
        case .classic(let expansion): try expansion.text(context)
        case .pipeline(let pipeline): try pipeline.text(context)
        }
    }
}
