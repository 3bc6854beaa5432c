/// The canonical compositions of Unicode 3.2.
struct Compositions: Sendable {
    private var composites: [UInt64: UInt32] = [:]

    init(_ packed: String) {
        var numbers = PackedNumbers(packed)
        var first: UInt32 = 0
        var second: UInt32 = 0
        while let gap = numbers.next(), let step = numbers.next(), let distance = numbers.nextSigned() {
            if gap > 0 { second = 0 }
            first += gap
            second += step
            composites[UInt64(first) << 32 | UInt64(second)] = UInt32(truncatingIfNeeded: Int64(first) + distance)
        }
    }

    /// What the two compose to, Hangul included.
    func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
        Hangul.composite(first, second) ?? composites[UInt64(first) << 32 | UInt64(second)]
    }
}
