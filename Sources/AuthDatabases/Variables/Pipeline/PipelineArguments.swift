/// What stands in the parentheses of a filter, while it is turned into one.
struct PipelineArguments {
    let filter: String
    private var positions: [PipelineOperand?] = []
    private var keys: [(name: String, operand: PipelineOperand)] = []

    init(filter: String) {
        self.filter = filter
    }

    mutating func add(_ operand: PipelineOperand, key: String? = nil) {
        if let key { keys.append((key, operand)) } else { positions.append(operand) }
    }

    mutating func take(_ position: Int) throws(VariableTemplate.Fault) -> PipelineOperand? {
        guard positions.indices.contains(position) else { return nil }
        defer { positions[position] = nil }
        return positions[position]
    }

    private mutating func take(_ key: String) -> PipelineOperand? {
        guard let index = keys.firstIndex(where: { $0.name == key }) else { return nil }
        return keys.remove(at: index).operand
    }

    private mutating func need(_ position: Int, _ what: String) throws(VariableTemplate.Fault) -> PipelineOperand {
        guard let operand = try take(position) else { throw fault("\(filter) needs \(what)") }
        return operand
    }

    /// - Throws: ``VariableTemplate/Fault`` if something is left.
    func finish() throws(VariableTemplate.Fault) {
        if let key = keys.first { throw fault("\(filter) has no \(key.name)=") }
        guard positions.allSatisfy({ $0 == nil }) else { throw fault("\(filter) takes less than that") }
    }

    private func fault(_ what: String) -> VariableTemplate.Fault {
        VariableTemplate.Fault(description: what)
    }

    /// The filters that Dovecot 2.4.1 has, but for regular expressions and encryption.
    mutating func makeFilter(isFirst: Bool) throws(VariableTemplate.Fault) -> PipelineFilter {
        let result: PipelineFilter
        switch filter {
        case "lower": result = .lower
        case "upper": result = .upper
        case "reverse": result = .reverse
        case "text": result = .text
        case "username": result = .username
        case "domain": result = .domain
        case "ldap_dn": result = .ldapDN
        case "unhex": result = .unhex
        case "unhexlify": result = .unhexlify
        case "benumber": result = .number(isBigEndian: true)
        case "lenumber": result = .number(isBigEndian: false)
        case "literal": result = .literal(try need(0, "a text"))
        case "default": result = .fallback(try take(0) ?? .text(""))
        case "concat":
            result = .concat(positions.compactMap(\.self))
            guard !positions.isEmpty else { throw fault("concat needs a text") }
            positions = []
        case "hash":
            guard case .text(let name) = try need(0, "the name of a hash") else {
                throw fault("hash takes the name of a hash in quotes")
            }
            result = try hash(name)
        case "md5", "sha1", "sha256", "sha384", "sha512": result = try hash(filter)
        case "base64":
            result = .base64(isPadded: take("pad") ?? .number(1), isForAddresses: take("url") ?? .number(0))
        case "unbase64":
            result = .unbase64(isPadded: take("pad") ?? .number(1), isForAddresses: take("url") ?? .number(0))
        case "hex": result = .hex(width: try take(0) ?? .number(0))
        case "hexlify": result = .hexlify(width: try take(0) ?? .number(0))
        case "truncate":
            let bits = take("bits")
            if let bits { result = .truncate(bits, isBits: true) } else {
                result = .truncate(try need(0, "a length"), isBits: false)
            }
        case "substr": result = .part(from: try need(0, "a position"), length: try take(1))
        case "index": result = .index(separator: try need(0, "a separator"), position: try need(1, "a position"))
        case "list": result = .list(separator: try take(0) ?? .text(","))
        case "lfill", "rfill":
            result = .fill(
                length: try need(0, "a length"), with: try take(1) ?? .text("0"), isLeft: filter == "lfill")
        case "if": result = try condition(isFirst: isFirst)
        case "regexp": throw fault("Gatepost has no filter regexp; use index, username, domain or if")
        case "encrypt", "decrypt": throw fault("Gatepost has no filter \(filter)")
        default: throw fault("there is no \(isFirst ? "variable or filter" : "filter") \"\(filter)\"")
        }
        try finish()
        return result
    }

    private mutating func hash(_ name: String) throws(VariableTemplate.Fault) -> PipelineFilter {
        guard let digest = TemplateDigest(named: name) else { throw fault("Gatepost has no hash \"\(name)\"") }
        return .hash(digest, rounds: take("rounds") ?? .number(1), salt: take("salt") ?? .text(""))
    }

    /// The first in line brings its left side along.
    private mutating func condition(isFirst: Bool) throws(VariableTemplate.Fault) -> PipelineFilter {
        let shift = isFirst ? 1 : 0
        let left = isFirst ? try need(0, "a left side") : nil
        guard case .text(let name) = try need(shift, "a comparison") else {
            throw fault("if takes the comparison in quotes")
        }
        return .condition(
            left, try TemplateComparison(named: name), try need(shift + 1, "a right side"),
            try need(shift + 2, "a value if it is so"), try need(shift + 3, "a value if it is not"))
    }
}
