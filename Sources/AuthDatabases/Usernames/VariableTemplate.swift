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

    enum Source: Hashable, Sendable {
        case literal(String)
        case user, username, domain, service, mechanism
        case localAddress, remoteAddress, localPort, remotePort, session
    }

    enum Filter: Hashable, Sendable {
        case lower, upper, username, domain
    }

    struct Piece: Hashable, Sendable {
        var source: Source
        var filters: [Filter] = []
    }

    let pieces: [Piece]

    /// The user's name as it is.
    public static let user = VariableTemplate(pieces: [Piece(source: .user)])
    /// The user's name in lower case: Dovecot's default `auth_username_format`.
    public static let lowerCaseUser = VariableTemplate(pieces: [Piece(source: .user, filters: [.lower])])

    private init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// - Throws: ``Fault`` for a variable or filter that doesn't exist, or that Gatepost doesn't have.
    public init(parsing text: String, syntax: Syntax) throws(Fault) {
        var parser = VariableTemplateParser(text)
        pieces = try parser.pieces(syntax)
    }

    /// The text for one login; what is not known is empty. Only ASCII letters change case, as in Dovecot.
    public func expand(_ query: UserQuery) -> String {
        if pieces.count == 1, pieces[0].filters.isEmpty { return value(pieces[0].source, query) }
        var text = ""
        for piece in pieces {
            text += piece.filters.reduce(value(piece.source, query)) { $1.apply(to: $0) }
        }
        return text
    }

    private func value(_ source: Source, _ query: UserQuery) -> String {
        switch source {
        case .literal(let text): text
        case .user: query.user
        case .username: Filter.username.apply(to: query.user)
        case .domain: Filter.domain.apply(to: query.user)
        case .service: query.service
        case .mechanism: query.mechanism
        case .localAddress: query.localAddress ?? ""
        case .remoteAddress: query.remoteAddress ?? ""
        case .localPort: query.localPort.map { String($0) } ?? ""
        case .remotePort: query.remotePort.map { String($0) } ?? ""
        case .session: query.sessionID ?? ""
        }
    }
}

extension VariableTemplate.Filter {
    fileprivate func apply(to text: String) -> String {
        switch self {
        case .lower: text.withASCIILetters(from: UInt8(ascii: "A"), to: UInt8(ascii: "a"))
        case .upper: text.withASCIILetters(from: UInt8(ascii: "a"), to: UInt8(ascii: "A"))
        // The name ends at the first @, the domain begins behind it.
        case .username: String(text.prefix { $0 != "@" })
        case .domain: text.firstIndex(of: "@").map { String(text[text.index(after: $0)...]) } ?? ""
        }
    }
}

extension String {
    fileprivate func withASCIILetters(from first: UInt8, to other: UInt8) -> String {
        guard utf8.contains(where: { $0 &- first < 26 }) else { return self }
        return String(decoding: utf8.map { $0 &- first < 26 ? $0 - first + other : $0 }, as: UTF8.self)
    }
}
