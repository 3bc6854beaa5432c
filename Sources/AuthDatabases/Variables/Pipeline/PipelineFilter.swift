/// A filter of 2.4 with its operands.
enum PipelineFilter: Hashable, Sendable {
    enum Operator: Character, Hashable, Sendable {
        case plus = "+"
        case minus = "-"
        case times = "*"
        case over = "/"
        case modulo = "%"
    }

    case lower, upper, reverse, text, username, domain
    case ldapDN, unhex, unhexlify
    case number(isBigEndian: Bool)
    case literal(PipelineOperand)
    case fallback(PipelineOperand)
    case concat([PipelineOperand])
    case calculate(Operator, PipelineOperand)
    case hash(TemplateDigest, rounds: PipelineOperand, salt: PipelineOperand)
    case base64(isPadded: PipelineOperand, isForAddresses: PipelineOperand)
    case unbase64(isPadded: PipelineOperand, isForAddresses: PipelineOperand)
    case hex(width: PipelineOperand)
    case hexlify(width: PipelineOperand)
    case truncate(PipelineOperand, isBits: Bool)
    case part(from: PipelineOperand, length: PipelineOperand?)
    case index(separator: PipelineOperand, position: PipelineOperand)
    case list(separator: PipelineOperand)
    case fill(length: PipelineOperand, with: PipelineOperand, isLeft: Bool)
    /// Without a left side the value so far is it.
    case condition(PipelineOperand?, TemplateComparison, PipelineOperand, PipelineOperand, PipelineOperand)

    func apply(to state: inout PipelineState, _ context: ExpansionContext) throws(VariableTemplate.Failure) {
        switch self {
        case .lower: state.bytes = ClassicModifier.lower.applyAlone(to: try state.value())
        case .upper: state.bytes = ClassicModifier.upper.applyAlone(to: try state.value())
        case .reverse: state.bytes = try state.value().reversed()
        case .ldapDN: state.bytes = ClassicModifier.distinguishedName.applyAlone(to: try state.value())
        case .text: state.take(try state.text())
        case .username: state.take(NameFilter.username.apply(to: try state.text()))
        case .domain: state.take(NameFilter.domain.apply(to: try state.text()))
        case .literal(let operand): state.take(operand.text(context))
        case .fallback(let operand): if state.bytes?.isEmpty ?? true { state.take(operand.text(context)) }
        case .concat(let operands):
            state.bytes = operands.reduce(state.bytes ?? []) { $0 + Array($1.text(context).utf8) }
        case .calculate(let sign, let operand): try calculate(sign, operand.number(context), &state)
        case .hash(let digest, let rounds, let salt):
            let rounds = try rounds.number(context)
            guard rounds <= 1_000_000 else { throw failure("\(rounds) rounds are too many") }
            state.take(
                binary: digest.hash(
                    try state.value(), salt: Array(salt.text(context).utf8), rounds: Int(max(0, rounds))))
        case .base64(let isPadded, let isForAddresses):
            state.take(
                TemplateBase64.encode(
                    try state.value(), isPadded: try isPadded.flag(context),
                    isForAddresses: try isForAddresses.flag(context)))
        case .unbase64(let isPadded, let isForAddresses):
            let decoded = TemplateBase64.decode(
                try state.value(), isPadded: try isPadded.flag(context),
                isForAddresses: try isForAddresses.flag(context))
            guard let decoded else { throw failure("the value is not base64") }
            state.take(binary: decoded)
        case .truncate(let length, let isBits):
            let length = try length.count(context)
            guard length >= 0 else { throw failure("\(length) is too short") }
            let bytes = try state.value()
            state.bytes = isBits ? TemplateDigest.truncate(bytes, bits: length) : Array(bytes.prefix(length))
        case .part(let start, let length): try cut(start.count(context), try length?.count(context), &state)
        case .condition(let left, let comparison, let right, let then, let otherwise):
            let value: String
            if let left { value = left.text(context) } else { value = try state.text() }
            state.take((try comparison.holds(value, right.text(context)) ? then : otherwise).text(context))
        case .hex, .unhex, .hexlify, .unhexlify, .number: try applyNumbers(to: &state, context)
        case .index, .list, .fill: try applyWords(to: &state, context)
        }
    }

    func failure(_ description: String) -> VariableTemplate.Failure {
        VariableTemplate.Failure(description: description)
    }

    /// Negative positions count from the end, negative lengths leave so much out there.
    private func cut(
        _ start: Int, _ length: Int?, _ state: inout PipelineState
    ) throws(VariableTemplate.Failure) {
        let bytes = try state.value()
        guard abs(start) <= bytes.count else { throw failure("the part begins outside the value") }
        guard abs(length ?? 0) <= bytes.count else { throw failure("the part ends outside the value") }
        guard length != 0 else { return state.bytes = [] }
        let first = start < 0 ? bytes.count + start : start
        let end = length.map { $0 < 0 ? bytes.count + $0 : first + $0 } ?? bytes.count
        guard first <= end, end <= bytes.count else { throw failure("the part ends outside the value") }
        state.bytes = Array(bytes[first..<end])
    }

    private func calculate(
        _ sign: Operator, _ right: Int64, _ state: inout PipelineState
    ) throws(VariableTemplate.Failure) {
        let value = try state.value()
        // Of a hash the last eight bytes count, as one number.
        if state.isBinary, sign == .modulo {
            guard right > 0 else { throw failure("modulo \(right) is not possible") }
            let number = value.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return state.take(String(number % UInt64(right)))
        }
        let left = try TemplateComparison.number(try state.text())
        let (result, overflow) =
            switch sign {
            case .plus: left.addingReportingOverflow(right)
            case .minus: left.subtractingReportingOverflow(right)
            case .times: left.multipliedReportingOverflow(by: right)
            case .over: left.dividedReportingOverflow(by: right)
            case .modulo: left.remainderReportingOverflow(dividingBy: right)
            }
        guard !overflow else { throw failure("\(left) \(sign.rawValue) \(right) has no result") }
        state.take(String(result))
    }
}

extension ClassicModifier {
    fileprivate func applyAlone(to bytes: [UInt8]) -> [UInt8] {
        var part = ClassicPart()
        return apply(to: bytes, part: &part)
    }
}
