/// Reads a ``VariableTemplate`` in the language of Dovecot 2.4.
struct PipelineTemplateParser {
    private let text: String
    private let constant: (String) -> String?
    private var scanner: PipelineScanner

    init(_ text: String, constant: @escaping (String) -> String?) {
        self.text = text
        self.constant = constant
        scanner = PipelineScanner(text)
    }

    mutating func pieces() throws(VariableTemplate.Fault) -> [VariableTemplate.Piece] {
        var pieces: [VariableTemplate.Piece] = []
        do throws(VariableTemplate.Fault) {
            while !scanner.isAtEnd {
                let literal = scanner.literal()
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                guard !scanner.isAtEnd else { break }
                scanner.skipOpening()
                if let pipeline = try pipeline() { pieces.append(simplified(pipeline)) }
            }
        } catch {
            throw VariableTemplate.Fault(description: "\"\(text)\": \(error.description)")
        }
        return pieces
    }

    private func simplified(_ pipeline: Pipeline) -> VariableTemplate.Piece {
        guard let source = pipeline.source else { return .pipeline(pipeline) }
        if case .constant(let text) = source, pipeline.filters.isEmpty { return .literal(text) }
        guard case .variable(let variable, var filters) = source else { return .pipeline(pipeline) }
        for filter in pipeline.filters {
            switch filter {
            case .lower: filters.append(.lower)
            case .upper: filters.append(.upper)
            case .username: filters.append(.username)
            case .domain: filters.append(.domain)
            default: return .pipeline(pipeline)
            }
        }
        return .variable(variable, filters)
    }

    /// nil for `%{}`, which is nothing in Dovecot, too.
    private mutating func pipeline() throws(VariableTemplate.Fault) -> Pipeline? {
        var source: TemplateSource?
        var filters: [PipelineFilter] = []
        var isFirst = true
        var token = try scanner.next()
        while token != .end {
            guard case .name(let name) = token else { throw fault("a name is missing in %{}") }
            var arguments = PipelineArguments(filter: name)
            token = try scanner.next()
            if token == .sign("(") {
                arguments = try self.arguments(of: name)
                token = try scanner.next()
            }
            if isFirst, let value = try self.source(named: name) {
                source = value
            } else if isFirst, name == "lookup" {
                source = try lookup(&arguments)
            } else {
                filters.append(try arguments.makeFilter(isFirst: isFirst))
            }
            isFirst = false
            if case .sign(let character) = token, let sign = PipelineFilter.Operator(rawValue: character) {
                token = try scanner.next()
                filters.append(.calculate(sign, try operand(&token)))
            }
            if token == .sign("|") {
                token = try scanner.next()
                guard token != .end else { throw fault("a filter is missing behind |") }
            } else if token != .end {
                throw fault("| or } is missing behind \(name)")
            }
        }
        return source == nil && filters.isEmpty ? nil : Pipeline(source: source, filters: filters)
    }

    private mutating func arguments(of name: String) throws(VariableTemplate.Fault) -> PipelineArguments {
        var arguments = PipelineArguments(filter: name)
        var token = try scanner.next()
        while token != .sign(")") {
            if case .name(let key) = token {
                let after = try scanner.next()
                if after == .sign("=") {
                    token = try scanner.next()
                    arguments.add(try operand(&token), key: key)
                } else {
                    arguments.add(.source(try known(key)))
                    token = after
                }
            } else {
                arguments.add(try operand(&token))
            }
            if token == .sign(",") {
                token = try scanner.next()
            } else if token != .sign(")") {
                throw fault("\(name)( has no )")
            }
        }
        return arguments
    }

    /// The operand that begins with the token; the token behind it comes back.
    private mutating func operand(_ token: inout PipelineToken) throws(VariableTemplate.Fault) -> PipelineOperand {
        var isNegative = false
        if token == .sign("-") {
            isNegative = true
            token = try scanner.next()
        }
        let operand: PipelineOperand
        switch token {
        case .number(let digits):
            guard let number = Int64((isNegative ? "-" : "") + digits) else { throw fault("\(digits) is too large") }
            operand = .number(number)
        case .text(let text) where !isNegative: operand = .text(text)
        case .name(let name) where !isNegative: operand = .source(try known(name))
        default: throw fault("a number, a quoted text or a variable is missing")
        }
        token = try scanner.next()
        return operand
    }

    private func lookup(_ arguments: inout PipelineArguments) throws(VariableTemplate.Fault) -> TemplateSource {
        guard let operand = try arguments.take(0), case .text(let name) = operand else {
            throw fault("lookup takes the name of a variable in quotes")
        }
        try arguments.finish()
        return try known(name)
    }

    // MARK: Variables

    private func known(_ name: String) throws(VariableTemplate.Fault) -> TemplateSource {
        guard let source = try source(named: name) else { throw fault("there is no variable \"\(name)\" here") }
        return source
    }

    /// `auth-request-var-expand.c` and `var-expand.c` of 2.4.1; nil for what is no variable.
    private func source(named name: String) throws(VariableTemplate.Fault) -> TemplateSource? {
        if let reason = TemplateSource.refusal(name) { throw fault("%{\(name)} is not here because \(reason)") }
        switch name {
        // The filters of these names come without a value first.
        case "username", "domain": return nil
        case "owner_user": return .variable(.user, [])
        case "system:hostname": return .constant(try value(ofConstant: "hostname"))
        case "dovecot:name": return .constant("Dovecot")
        default: break
        }
        if let variable = TemplateVariable(rawValue: name) { return .variable(variable, []) }
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "passdb": return .field(.passdb, parts[1], fallback: "")
        case "userdb": return .field(.userdb, parts[1], fallback: "")
        case "env": return .constant(try value(ofConstant: name))
        default: throw fault("%{\(name)} is not here: of the names with : there are passdb, userdb, env, system:hostname")
        }
    }

    private func value(ofConstant name: String) throws(VariableTemplate.Fault) -> String {
        guard let value = constant(name) else { throw fault("%{\(name)} is not known here") }
        return value
    }

    private func fault(_ what: String) -> VariableTemplate.Fault {
        VariableTemplate.Fault(description: what)
    }
}
