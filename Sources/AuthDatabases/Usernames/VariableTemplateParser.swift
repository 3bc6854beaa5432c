/// Reads a ``VariableTemplate`` in either of Dovecot's syntaxes.
struct VariableTemplateParser {
    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        rest = text[...]
    }

    mutating func pieces(_ syntax: VariableTemplate.Syntax) throws(VariableTemplate.Fault) -> [VariableTemplate.Piece] {
        var pieces: [VariableTemplate.Piece] = []
        var literal = ""
        while let character = rest.popFirst() {
            guard character == "%" else {
                literal.append(character)
                continue
            }
            if rest.first == "%" {
                rest.removeFirst()
                literal.append("%")
                continue
            }
            if !literal.isEmpty { pieces.append(.init(source: .literal(literal))) }
            literal = ""
            pieces.append(try syntax == .dovecot24 ? pipeline() : variable())
        }
        if !literal.isEmpty { pieces.append(.init(source: .literal(literal))) }
        return pieces
    }

    /// 2.3: modifiers, then one letter or a name in braces.
    private mutating func variable() throws(VariableTemplate.Fault) -> VariableTemplate.Piece {
        var filters: [VariableTemplate.Filter] = []
        while let character = rest.popFirst() {
            switch character {
            case "L": filters.append(.lower)
            case "U": filters.append(.upper)
            case "{":
                return .init(source: try source(named: try braced().trimmed), filters: filters)
            case let letter where Self.letters[letter] != nil:
                return .init(source: Self.letters[letter] ?? .user, filters: filters)
            default:
                throw fault("%\(character) is no variable or modifier that Gatepost has")
            }
        }
        throw fault("a variable's letter is missing at the end")
    }

    /// 2.4: `{name | filter | filter}`.
    private mutating func pipeline() throws(VariableTemplate.Fault) -> VariableTemplate.Piece {
        guard rest.popFirst() == "{" else { throw fault("% must be followed by {, or by % for itself") }
        let parts = try braced().split(separator: "|", omittingEmptySubsequences: false).map(\.trimmed)
        var piece = VariableTemplate.Piece(source: try source(named: parts.first ?? ""))
        for name in parts.dropFirst() {
            guard let filter = Self.filters[name] else { throw fault("Gatepost has no filter \"\(name)\"") }
            piece.filters.append(filter)
        }
        return piece
    }

    private mutating func braced() throws(VariableTemplate.Fault) -> Substring {
        guard let end = rest.firstIndex(of: "}") else { throw fault("{ has no }") }
        defer { rest = rest[rest.index(after: end)...] }
        return rest[..<end]
    }

    private func source(named name: String) throws(VariableTemplate.Fault) -> VariableTemplate.Source {
        guard let source = Self.names[name] else { throw fault("Gatepost has no variable \"\(name)\" here") }
        return source
    }

    private func fault(_ what: String) -> VariableTemplate.Fault {
        VariableTemplate.Fault(description: "\"\(text)\": \(what)")
    }

    private static let letters: [Character: VariableTemplate.Source] = [
        "u": .user, "n": .username, "d": .domain, "s": .service, "m": .mechanism,
        "l": .localAddress, "r": .remoteAddress, "a": .localPort, "b": .remotePort,
    ]

    private static let names: [String: VariableTemplate.Source] = [
        "user": .user, "username": .username, "domain": .domain, "service": .service, "protocol": .service,
        "mechanism": .mechanism, "mech": .mechanism, "lip": .localAddress, "local_ip": .localAddress,
        "rip": .remoteAddress, "remote_ip": .remoteAddress, "lport": .localPort, "local_port": .localPort,
        "rport": .remotePort, "remote_port": .remotePort, "session": .session,
    ]

    private static let filters: [String: VariableTemplate.Filter] = [
        "lower": .lower, "upper": .upper, "username": .username, "domain": .domain,
    ]
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
