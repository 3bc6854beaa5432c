/// How `if` compares two values; the names are the same in both languages.
enum TemplateComparison: String, Hashable, Sendable {
    case equal = "=="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case unequal = "!="
    case sameText = "eq"
    case textBefore = "lt"
    case textNotAfter = "le"
    case textAfter = "gt"
    case textNotBefore = "ge"
    case otherText = "ne"
    case like = "*"
    case unlike = "!*"

    /// Compares numbers, so that both sides must be some.
    var isNumeric: Bool {
        switch self {
        case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .unequal: true
        default: false
        }
    }

    func holds(_ left: String, _ right: String) throws(VariableTemplate.Failure) -> Bool {
        if isNumeric { return holds(try Self.number(left), try Self.number(right)) }
        let isLess = left.utf8.lexicographicallyPrecedes(right.utf8)
        let isSame = left.utf8.elementsEqual(right.utf8)
        return switch self {
        case .sameText: isSame
        case .otherText: !isSame
        case .textBefore: isLess
        case .textNotAfter: isLess || isSame
        case .textAfter: !isLess && !isSame
        case .textNotBefore: !isLess
        case .like: WildcardPattern(right).matches(left)
        default: !WildcardPattern(right).matches(left)
        }
    }

    private func holds(_ left: Int64, _ right: Int64) -> Bool {
        switch self {
        case .equal: left == right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        default: left != right
        }
    }

    static func number(_ text: String) throws(VariableTemplate.Failure) -> Int64 {
        guard let number = Int64(text), !text.hasPrefix("+") else {
            throw VariableTemplate.Failure(description: "\"\(text)\" is not a number")
        }
        return number
    }

    /// - Throws: ``VariableTemplate/Fault`` with what is wrong with the name.
    init(named name: String) throws(VariableTemplate.Fault) {
        guard let comparison = Self(rawValue: name) else {
            let reason =
                name == "~" || name == "!~"
                ? "Gatepost has no regular expressions in if; use * with * and ? in the pattern"
                : "if has no comparison \"\(name)\""
            throw VariableTemplate.Fault(description: reason)
        }
        self = comparison
    }
}
