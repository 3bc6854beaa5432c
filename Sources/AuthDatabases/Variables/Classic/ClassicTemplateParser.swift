/// Reads a ``VariableTemplate`` in the language of Dovecot 2.3.
struct ClassicTemplateParser {
    /// Conditions inside conditions; more than any real file has.
    private static let deepest = 10

    private let text: String
    private let constant: (String) -> String?
    private let depth: Int
    /// Constants are kept as what they are called.
    private let keepsNames: Bool
    private var rest: Substring

    init(_ text: String, constant: @escaping (String) -> String?, keepsNames: Bool = false, depth: Int = 0) {
        self.text = text
        self.keepsNames = keepsNames
        self.constant = constant
        self.depth = depth
        rest = text[...]
    }

    mutating func pieces() throws(VariableTemplate.Fault) -> [VariableTemplate.Piece] {
        var pieces: [VariableTemplate.Piece] = []
        var literal = ""
        while let character = rest.popFirst() {
            guard character == "%" else {
                literal.append(character)
                continue
            }
            let piece = try expansion()
            if case .literal(let text) = piece {
                literal += text
            } else if let piece {
                if !literal.isEmpty { pieces.append(.literal(literal)) }
                literal = ""
                pieces.append(piece)
            }
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        return pieces
    }

    /// `[-][0][WIDTH][.[0][-][WIDTH]][MODIFIERS]` and a letter or a name in braces; nil where the text ends before that,
    /// which Dovecot passes over.
    private mutating func expansion() throws(VariableTemplate.Fault) -> VariableTemplate.Piece? {
        let part = try self.part()
        var modifiers: [ClassicModifier] = []
        while modifiers.count < 10, let character = rest.first, let modifier = ClassicModifier(rawValue: character) {
            modifiers.append(modifier)
            rest.removeFirst()
        }
        guard let character = rest.popFirst() else { return nil }
        let source: ClassicExpansion.Source
        switch character {
        case "%": source = .plain(.constant("%"))
        case "{": source = try long(try braced())
        default:
            guard let name = Self.letters[character] else {
                throw fault("%\(character) is no variable or modifier of Dovecot 2.3")
            }
            source = try long(name[...])
        }
        return simplified(ClassicExpansion(source: source, modifiers: modifiers, part: part))
    }

    /// Most templates are names in small letters, which are cheaper than all that this language can say.
    private func simplified(_ expansion: ClassicExpansion) -> VariableTemplate.Piece {
        guard case .plain(let source) = expansion.source, expansion.part == ClassicPart() else {
            return .classic(expansion)
        }
        switch (source, expansion.modifiers) {
        case (.constant(let text), []): return .literal(text)
        case (.variable(let variable, let filters), let modifiers)
        where modifiers.allSatisfy({ $0 == .lower || $0 == .upper }):
            return .variable(variable, filters + modifiers.map { $0 == .lower ? .lower : .upper })
        default: return .classic(expansion)
        }
    }

    private mutating func part() throws(VariableTemplate.Fault) -> ClassicPart {
        var part = ClassicPart()
        let isFromEnd = skip("-")
        part.isZeroPadded = skip("0")
        part.width = try number()
        guard skip(".") else { return part }
        part.offset = isFromEnd ? -part.width : part.width
        part.isZeroPadded = skip("0")
        let isShortened = skip("-")
        part.width = isShortened ? -(try number()) : try number()
        return part
    }

    private mutating func skip(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func number() throws(VariableTemplate.Fault) -> Int {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest[digits.endIndex...]
        guard !digits.isEmpty else { return 0 }
        guard digits.utf8.count <= 6, let number = Int(digits) else { throw fault("\(digits) is too large a number") }
        return number
    }

    /// Up to the brace that closes this one; a backslash takes the next character out of the count.
    private mutating func braced() throws(VariableTemplate.Fault) -> Substring {
        var open = 1
        var isEscaped = false
        for index in rest.indices {
            let character = rest[index]
            if isEscaped || character == "\\" {
                isEscaped = !isEscaped
            } else if character == "{" {
                open += 1
            } else if character == "}" {
                open -= 1
                guard open == 0 else { continue }
                defer { rest = rest[rest.index(after: index)...] }
                return rest[..<index]
            }
        }
        throw fault("{ has no }")
    }

    // MARK: Long names

    private func long(_ name: Substring) throws(VariableTemplate.Fault) -> ClassicExpansion.Source {
        if let (variable, filters) = Self.names[String(name)] { return .plain(.variable(variable, filters)) }
        if let reason = TemplateSource.refusal(String(name)) { throw fault("%{\(name)} is not here because \(reason)") }
        if name == "hostname" { return .plain(try value(ofConstant: "hostname", newName: "system:hostname")) }
        let head = name.prefix { $0 != ":" }
        let data = name[head.endIndex...].dropFirst()
        let word = head.prefix { $0 != ";" }
        switch word {
        case "env": return .plain(try value(ofConstant: "env:\(data)", newName: "env:\(data)"))
        case "passdb", "userdb":
            let parts = data.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let owner: VariableTemplate.FieldOwner = word == "passdb" ? .passdb : .userdb
            return .plain(.field(owner, parts.first ?? "", fallback: parts.count > 1 ? parts[1] : ""))
        case "if": return .condition(try condition(name))
        default:
            guard let digest = TemplateDigest(named: String(word)) else {
                throw fault("there is no variable \"\(word)\" here, or Gatepost has it not")
            }
            return .hash(try hash(digest, arguments: head[word.endIndex...].dropFirst(), of: data))
        }
    }

    private func value(
        ofConstant name: String, newName: String
    ) throws(VariableTemplate.Fault) -> TemplateSource {
        if keepsNames { return .named(newName) }
        guard let value = constant(name) else { throw fault("%{\(name)} is not known here") }
        return .constant(value)
    }

    private func hash(
        _ digest: TemplateDigest, arguments: Substring, of name: Substring
    ) throws(VariableTemplate.Fault) -> ClassicHash {
        var hash = ClassicHash(digest: digest, value: try long(name))
        for word in arguments.split(separator: ",") {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "rounds":
                guard let rounds = Int(parts[1]), (1...1_000_000).contains(rounds) else {
                    throw fault("rounds=\(parts[1]) is not a number from 1 to 1000000")
                }
                hash.rounds = rounds
            case "truncate":
                guard let bits = UInt32(parts[1]) else { throw fault("truncate=\(parts[1]) is not a number of bits") }
                hash.truncation = min(Int(bits), digest.size * 8)
            case "format":
                guard let format = ClassicHash.Format(rawValue: parts[1]) else {
                    throw fault("format=\(parts[1]) is not one of hex, hexuc, base64")
                }
                hash.format = format
            case "salt":
                hash.salt = try template(parts[1])
                return hash
            default: break
            }
        }
        return hash
    }

    private func template(_ text: String) throws(VariableTemplate.Fault) -> [VariableTemplate.Piece] {
        guard depth < Self.deepest else { throw fault("more than \(Self.deepest) variables inside each other") }
        var parser = ClassicTemplateParser(text, constant: constant, keepsNames: keepsNames, depth: depth + 1)
        return try parser.pieces()
    }

    /// Splits at semicolons outside variables; a backslash takes the next character as it is, a colon ends it all.
    private func condition(_ name: Substring) throws(VariableTemplate.Fault) -> ClassicCondition {
        var parts: [String] = []
        var part = ""
        var open = 0
        var isEscaped = false
        var sawPercent = false
        scan: for character in name.drop(while: { $0 != ";" }).dropFirst() {
            if character == "\\" {
                isEscaped = true
                continue
            } else if isEscaped {
                isEscaped = false
            } else if character == "%" {
                sawPercent = true
            } else if sawPercent, character == "{" {
                open += 1
                sawPercent = false
            } else if open > 0, character == "}" {
                open -= 1
            } else if open == 0, character == ";" {
                parts.append(part)
                part = ""
                continue
            } else if open == 0, character == ":" {
                break scan
            }
            part.append(character)
        }
        if !part.isEmpty { parts.append(part) }
        if parts.count == 4 { parts.append("") }
        guard parts.count == 5 else { throw fault("if takes four or five parts, not \(parts.count)") }
        do throws(VariableTemplate.Fault) {
            return ClassicCondition(
                comparison: try TemplateComparison(named: parts[1]), left: try template(parts[0]),
                right: try template(parts[2]), then: try template(parts[3]), otherwise: try template(parts[4]))
        } catch {
            throw fault(error.description)
        }
    }

    private func fault(_ what: String) -> VariableTemplate.Fault {
        VariableTemplate.Fault(description: "\"\(text)\": \(what)")
    }
}
