import Testing

@testable import DovecotConfiguration

@Suite("The name that was probably meant")
struct SpellingSuggestionTests {
    @Test(
        "counts insertions, deletions, replacements and swaps of neighbours",
        arguments: [
            ("", "", 0), ("", "ab", 2), ("abc", "", 3), ("same", "same", 0), ("auth", "auht", 1), ("auth", "aut", 1),
            ("auth", "auths", 1), ("auth", "aith", 1), ("verbose", "vrebsoe", 2), ("kitten", "sitting", 3),
            ("abcdef", "badcfe", 3), ("ab", "ba", 1), ("passdb", "userdb", nil),
        ])
    func distance(_ left: String, _ right: String, _ expected: Int?) {
        #expect(SpellingSuggestion.distance(Array(left.utf8), Array(right.utf8), atMost: 3) == expected)
        #expect(SpellingSuggestion.distance(Array(right.utf8), Array(left.utf8), atMost: 3) == expected)
        guard let expected, expected > 0 else { return }
        #expect(SpellingSuggestion.distance(Array(left.utf8), Array(right.utf8), atMost: expected - 1) == nil)
    }

    @Test("is as far as the whole table of distances says, or farther than the limit", arguments: 0...3)
    func wholeTable(_ limit: Int) {
        // All pairs of words of up to five letters of an alphabet of two.
        let words = (0...5).flatMap { length in
            (0..<(1 << length)).map { bits in (0..<length).map { UInt8(bits >> $0 & 1) } }
        }
        for left in words {
            for right in words {
                let whole = Self.wholeDistance(left, right)
                let found = SpellingSuggestion.distance(left, right, atMost: limit)
                guard found != (whole <= limit ? whole : nil) else { continue }
                Issue.record("\(left) to \(right): \(found.map(String.init) ?? "nil") instead of \(whole)")
            }
        }
    }

    /// The textbook's table, all of it.
    private static func wholeDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var table = (0...left.count).map { row in (0...right.count).map { row == 0 ? $0 : $0 == 0 ? row : 0 } }
        for row in left.indices {
            for column in right.indices {
                let replaced = table[row][column] + (left[row] == right[column] ? 0 : 1)
                var cost = min(replaced, table[row][column + 1] + 1, table[row + 1][column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, table[row - 1][column - 1] + 1)
                }
                table[row + 1][column + 1] = cost
            }
        }
        return table[left.count][right.count]
    }
}
