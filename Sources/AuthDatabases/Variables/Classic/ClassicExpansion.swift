/// One `%…` of 2.3 that is more than a name in small letters: modifiers, a part of the text, a hash, a condition.
struct ClassicExpansion: Hashable, Sendable {
    indirect enum Source: Hashable, Sendable {
        case plain(TemplateSource)
        case hash(ClassicHash)
        case condition(ClassicCondition)
    }

    var source: Source
    var modifiers: [ClassicModifier] = []
    var part = ClassicPart()

    func text(_ context: ExpansionContext) throws(VariableTemplate.Failure) -> String {
        let text = try source.text(context)
        guard !modifiers.isEmpty || part != ClassicPart() else { return text }
        var bytes = Array(text.utf8)
        var part = part
        for modifier in modifiers { bytes = modifier.apply(to: bytes, part: &part) }
        return String(decoding: part.cut(bytes), as: UTF8.self)
    }
}

extension ClassicExpansion.Source {
    func text(_ context: ExpansionContext) throws(VariableTemplate.Failure) -> String {
        switch self {
        case .plain(let source): source.value(context)
        case .hash(let hash): try hash.text(context)
        case .condition(let condition): try condition.text(context)
        }
    }
}

/// `%{sha1;rounds=2,salt=x,truncate=12,format=base64:user}`
struct ClassicHash: Hashable, Sendable {
    enum Format: String, Hashable, Sendable {
        case hex
        /// Small letters, too: Dovecot 2.3 forgets the difference.
        case hexuc
        case base64
    }

    var digest: TemplateDigest
    var rounds = 1
    /// Bits to keep; 0 for all.
    var truncation = 0
    var format = Format.hex
    var salt: [VariableTemplate.Piece] = []
    var value: ClassicExpansion.Source

    func text(_ context: ExpansionContext) throws(VariableTemplate.Failure) -> String {
        var salt = ""
        for piece in self.salt { salt += try piece.text(context) }
        var bytes = digest.hash(Array(try value.text(context).utf8), salt: Array(salt.utf8), rounds: rounds)
        if truncation > 0 { bytes = TemplateDigest.truncate(bytes, bits: truncation) }
        return format == .base64 ? TemplateBase64.encode(bytes) : TemplateDigest.hexadecimal(bytes)
    }
}

/// `%{if;LEFT;OPERATOR;RIGHT;TRUE;FALSE}`
struct ClassicCondition: Hashable, Sendable {
    var comparison: TemplateComparison
    var left: [VariableTemplate.Piece]
    var right: [VariableTemplate.Piece]
    var then: [VariableTemplate.Piece]
    var otherwise: [VariableTemplate.Piece]

    func text(_ context: ExpansionContext) throws(VariableTemplate.Failure) -> String {
        func text(_ pieces: [VariableTemplate.Piece]) throws(VariableTemplate.Failure) -> String {
            var text = ""
            for piece in pieces { text += try piece.text(context) }
            return text
        }
        return try text(try comparison.holds(try text(left), try text(right)) ? then : otherwise)
    }
}
