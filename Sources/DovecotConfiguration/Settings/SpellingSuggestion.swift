/// Finds the name that was probably meant.
enum SpellingSuggestion {
    /// The nearest of the names, `nil` if none is within a third of the word's length.
    static func nearest(to word: String, among names: some Sequence<String>) -> String? {
        let letters = Array(word.utf8)
        // Nothing that long is a slip of the pen, and the table below grows with the square.
        guard letters.count <= 80 else { return nil }
        let limit = max(1, min(3, letters.count / 3))
        var best: (name: String, distance: Int)?
        for name in names where abs(name.utf8.count - letters.count) <= limit {
            let most = min(limit, (best?.distance ?? .max) - 1)
            if let distance = distance(letters, Array(name.utf8), atMost: most) { best = (name, distance) }
        }
        return best?.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours between two words; nil if there are more than `limit`.
    static func distance(_ left: [UInt8], _ right: [UInt8], atMost limit: Int) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        // A cell further than `limit` from the diagonal holds more than `limit`: it stays far, and is never worked out.
        let far = limit + 1
        var older = [Int](repeating: far, count: right.count + 1)
        var old = (0...right.count).map { min($0, far) }
        var new = older
        for row in left.indices {
            let columns = max(0, row - limit)..<min(right.count, row + limit + 1)
            new[columns.lowerBound] = columns.lowerBound == 0 ? min(row + 1, far) : far
            var least = min(new[columns.lowerBound], old[columns.lowerBound])
            for column in columns {
                let change = old[column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(change, old[column + 1] + 1, new[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, older[column - 1] + 1)
                }
                new[column + 1] = cost
                least = min(least, cost, old[column + 1])
            }
            if columns.upperBound < right.count { new[columns.upperBound + 1] = far }
            // What follows is made of these two rows, and never less: most words are given up after a few letters.
            guard least <= limit else { return nil }
            (older, old, new) = (old, new, older)
        }
        return old[right.count] <= limit ? old[right.count] : nil
    }
}
