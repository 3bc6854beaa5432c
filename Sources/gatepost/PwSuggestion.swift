/// Finds the name that a misspelt one was probably meant to be.
enum PwSuggestion {
    /// The nearest name, going by letters and digits only; nil if none is near.
    static func nearest(to name: String, among names: [String]) -> String? {
        let letters = significant(name)
        guard letters.count >= 2 else { return nil }
        let ranked = names.map { ($0, distance(letters, significant($0))) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, letters.count / 3) else { return nil }
        return best.0
    }

    private static func significant(_ name: String) -> [UInt8] {
        name.uppercased().utf8.filter { $0 >= UInt8(ascii: "0") && $0 != UInt8(ascii: "_") }.prefix(32) + []
    }

    /// How many letters must be put in, taken out or changed (Levenshtein).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, other) in right.enumerated() {
                let change = diagonal + (letter == other ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, diagonal + 1, row[column] + 1)
            }
        }
        return row[right.count]
    }
}
