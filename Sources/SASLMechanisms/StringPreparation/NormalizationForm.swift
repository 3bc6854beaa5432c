/// Normalisation form KC of Unicode 3.2, which RFC 3454 section 4 demands; today's Unicode knows more characters.
struct NormalizationForm: Sendable {
    private let decompositions = Decompositions(StringPreparationData.decompositions)
    private let classes = CombiningClasses(StringPreparationData.combiningClasses)
    private let compositions = Compositions(StringPreparationData.compositions)

    /// How many scalars ``decompose(_:into:)`` will append.
    func decomposedCount(_ scalar: UInt32) -> Int {
        if Hangul.isSyllable(scalar) { return 3 }
        return decompositions[scalar]?.count ?? 1
    }

    /// Appends the compatibility decomposition of `scalar`, its combining marks in order.
    func decompose(_ scalar: UInt32, into text: inout [UInt32]) {
        if Hangul.isSyllable(scalar) {
            let parts = Hangul.parts(scalar)
            text.append(parts.lead)
            text.append(parts.vowel)
            if let trail = parts.trail { text.append(trail) }
        } else if let parts = decompositions[scalar] {
            for part in parts { append(part, to: &text) }
        } else {
            append(scalar, to: &text)
        }
    }

    /// In front of it go marks of a higher class only, down to the last starter.
    private func append(_ scalar: UInt32, to text: inout [UInt32]) {
        text.append(scalar)
        let own = classes[scalar]
        guard own != 0 else { return }
        var place = text.count - 1
        while place > 0, classes[text[place - 1]] > own {
            text.swapAt(place, place - 1)
            place -= 1
        }
    }

    /// Composes in place what ``decompose(_:into:)`` has written.
    func compose(_ text: inout [UInt32]) {
        var starter: Int?
        var written = 0
        var lastClass: UInt8 = 0
        for place in text.indices {
            let scalar = text[place]
            let own = classes[scalar]
            // A mark reaches the starter unless one of its own class, or another starter, stands between.
            let isBlocked = starter.map { written - 1 > $0 && lastClass >= own } ?? true
            if let starter, !isBlocked, let composite = compositions.composite(text[starter], scalar) {
                text[starter] = composite
                continue
            }
            text[written] = scalar
            if own == 0 { starter = written }
            lastClass = own
            written += 1
        }
        text.removeLast(text.count - written)
    }
}
