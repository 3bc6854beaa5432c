/// The canonical combining class of every scalar of Unicode 3.2.
struct CombiningClasses: Sendable {
    private var firsts: [UInt32] = []
    private var lasts: [UInt32] = []
    private var classes: [UInt8] = []

    init(_ packed: String) {
        var numbers = PackedNumbers(packed)
        var end: UInt32 = 0
        while let gap = numbers.next(), let length = numbers.next(), let value = numbers.next() {
            firsts.append(end + gap)
            end += gap + length
            lasts.append(end)
            classes.append(UInt8(truncatingIfNeeded: value))
        }
    }

    /// 0 for a starter.
    subscript(scalar: UInt32) -> UInt8 {
        let place = firsts.countUp(to: scalar)
        return place > 0 && scalar <= lasts[place - 1] ? classes[place - 1] : 0
    }
}
