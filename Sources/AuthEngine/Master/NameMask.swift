/// A LIST's mask: `*` stands for any text, `?` for any byte; the case of ASCII letters doesn't matter.
struct NameMask: Sendable, Hashable {
    private let pattern: [UInt8]

    /// - Parameter text: empty for everybody.
    init(_ text: String) {
        pattern = text.isEmpty ? [UInt8(ascii: "*")] : text.utf8.map(Self.lower)
    }

    var admitsEverybody: Bool { pattern == [UInt8(ascii: "*")] }

    /// Whether a name matches; in time that grows with the product of the lengths, at most.
    func admits(_ name: String) -> Bool {
        let name = name.utf8.map(Self.lower)
        var place = 0
        var position = 0
        /// Where the last `*` stood, and what it stands for so far ends.
        var star: (pattern: Int, name: Int)?
        while position < name.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                star = (place, position)
                place += 1
            } else if place < pattern.count, pattern[place] == name[position] || pattern[place] == UInt8(ascii: "?") {
                place += 1
                position += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                place = last.pattern + 1
                position = last.name + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte + 32 : byte
    }
}
