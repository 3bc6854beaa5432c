/// Writes what 2.3 says in the words between the bars of 2.4.
struct PipelineWriter {
    /// What 2.4 has no words for.
    struct Fault: Error {
        let description: String
    }

    private(set) var cautions: [String] = []

    /// The value and its filters, one word each.
    mutating func words(_ piece: VariableTemplate.Piece) throws(Fault) -> [String] {
        switch piece {
        case .literal(let text): [Self.function("literal", [Self.quoted(text)])]
        case .variable(let variable, let filters): Self.words(variable, filters)
        case .classic(let expansion): try words(expansion)
        case .pipeline: throw Fault(description: "this is a template of 2.4 already")
        }
    }

    private static func words(_ variable: TemplateVariable, _ filters: [NameFilter]) -> [String] {
        let value: [String] =
            switch variable {
            case .username: ["user", "username"]
            case .domain: ["user", "domain"]
            default: [variable.rawValue]
            }
        return value + filters.map { filter in
            switch filter {
            case .lower: "lower"
            case .upper: "upper"
            case .username: "username"
            case .domain: "domain"
            }
        }
    }

    private func words(_ source: TemplateSource) -> [String] {
        switch source {
        case .constant(let text): [Self.function("literal", [Self.quoted(text)])]
        case .named(let name): [name]
        case .variable(let variable, let filters): Self.words(variable, filters)
        case .field(let owner, let name, let fallback):
            ["\(owner.rawValue):\(name)"] + (fallback.isEmpty ? [] : [Self.function("default", [Self.quoted(fallback)])])
        }
    }

    // MARK: Expansions

    private mutating func words(_ expansion: ClassicExpansion) throws(Fault) -> [String] {
        var words = try words(expansion.source)
        var part = expansion.part
        for modifier in expansion.modifiers { words += try self.words(modifier, &part, of: expansion.source) }
        return words + self.words(part)
    }

    private mutating func words(_ source: ClassicExpansion.Source) throws(Fault) -> [String] {
        switch source {
        case .plain(let source): words(source)
        case .hash(let hash): try words(hash)
        case .condition(let condition): try words(condition)
        }
    }

    private mutating func words(
        _ modifier: ClassicModifier, _ part: inout ClassicPart, of source: ClassicExpansion.Source
    ) throws(Fault) -> [String] {
        switch modifier {
        case .lower: return ["lower"]
        case .upper: return ["upper"]
        case .reverse: return ["reverse"]
        case .md5: return ["md5", "hexlify"]
        case .distinguishedName: return ["ldap_dn"]
        case .hexadecimal:
            cautions.append("X makes 0 of what is no number, hex of 2.4 fails there")
            return ["hex"]
        case .newHash:
            guard part.width >= 0, part.offset >= 0 else {
                throw Fault(description: "Dovecot 2.4 has no N with a negative number")
            }
            let modulus = part.width == 0 ? 4_294_967_296 : part.width
            let fill = part.offset > 0 ? [Self.function("lfill", ["\(part.offset)"])] : []
            part.width = 0
            part.offset = 0
            return ["md5", "substr(0, 8) % \(modulus)", "hex"] + fill
        case .hash: throw Fault(description: "Dovecot 2.4 has no H; N is another hash, which it has")
        case .escape: throw Fault(description: "Dovecot 2.4 has no E, which puts backslashes before quotes")
        case .trim: throw Fault(description: "Dovecot 2.4 has no T, which drops blanks at the end")
        }
    }

    private mutating func words(_ part: ClassicPart) -> [String] {
        guard part.offset != 0 || part.width != 0 else { return [] }
        if part.isZeroPadded {
            let start = part.offset == 0 ? [] : [Self.function("substr", ["\(part.offset)"])]
            return start + (part.width > 0 ? [Self.function("lfill", ["\(part.width)"])] : [])
        }
        cautions.append("substr of 2.4 fails where the value is too short for the part, 2.3 takes what there is")
        return [Self.function("substr", ["\(part.offset)"] + (part.width == 0 ? [] : ["\(part.width)"]))]
    }

    private mutating func words(_ hash: ClassicHash) throws(Fault) -> [String] {
        var operands: [String] = []
        if hash.rounds != 1 { operands.append("rounds=\(hash.rounds)") }
        if !hash.salt.isEmpty { operands.append("salt=\(try operand(hash.salt))") }
        var words = try words(hash.value)
        words.append(operands.isEmpty ? hash.digest.name : Self.function(hash.digest.name, operands))
        if !hash.digest.isFilter {
            words[words.count - 1] = Self.function("hash", ["'\(hash.digest.name)'"] + operands)
        }
        if hash.truncation > 0 { words.append(Self.function("truncate", ["bits=\(hash.truncation)"])) }
        return words + [hash.format == .base64 ? "base64" : "hexlify"]
    }

    private mutating func words(_ condition: ClassicCondition) throws(Fault) -> [String] {
        guard condition.left.count == 1 else {
            guard condition.left.isEmpty else {
                throw Fault(description: "if of 2.4 compares one variable, or one text, not several joined")
            }
            return ["literal('')", try comparison(condition)]
        }
        return try words(condition.left[0]) + [try comparison(condition)]
    }

    private func comparison(_ condition: ClassicCondition) throws(Fault) -> String {
        var right = try operand(condition.right)
        if condition.comparison.isNumeric, case .literal(let text) = condition.right.first, Int64(text) != nil {
            right = text
        }
        return Self.function(
            "if",
            ["'\(condition.comparison.rawValue)'", right, try operand(condition.then), try operand(condition.otherwise)])
    }

    /// A text or a variable as it is; 2.4 has no filters inside parentheses.
    private func operand(_ pieces: [VariableTemplate.Piece]) throws(Fault) -> String {
        switch (pieces.count, pieces.first) {
        case (0, _): return "''"
        case (1, .literal(let text)): return Self.quoted(text)
        case (1, .variable(let variable, [])) where variable != .username && variable != .domain:
            return variable.rawValue
        default:
            throw Fault(description: "Dovecot 2.4 takes a text or a variable here, nothing with modifiers or joined")
        }
    }

    private static func function(_ name: String, _ operands: [String]) -> String {
        "\(name)(\(operands.joined(separator: ", ")))"
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
    }
}
