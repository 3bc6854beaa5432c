/// What stands in a filter's parentheses.
enum PipelineOperand: Hashable, Sendable {
    case text(String)
    case number(Int64)
    case source(TemplateSource)

    func text(_ context: ExpansionContext) -> String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .source(let source): source.value(context)
        }
    }

    func number(_ context: ExpansionContext) throws(VariableTemplate.Failure) -> Int64 {
        if case .number(let number) = self { return number }
        return try TemplateComparison.number(text(context))
    }

    /// A length or position; nothing sensible is longer.
    func count(_ context: ExpansionContext) throws(VariableTemplate.Failure) -> Int {
        let number = try number(context)
        guard (-65_536...65_536).contains(number) else {
            throw VariableTemplate.Failure(description: "\(number) is too long")
        }
        return Int(number)
    }

    func flag(_ context: ExpansionContext) throws(VariableTemplate.Failure) -> Bool {
        switch try number(context) {
        case 0: return false
        case 1: return true
        default: throw VariableTemplate.Failure(description: "a number is neither 0 nor 1")
        }
    }
}
