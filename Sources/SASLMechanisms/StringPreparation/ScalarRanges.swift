/// A set of Unicode scalars, as ranges in ascending order.
struct ScalarRanges: Sendable {
    private var firsts: [UInt32] = []
    private var lasts: [UInt32] = []

    init(_ packed: String) {
        var numbers = PackedNumbers(packed)
        var end: UInt32 = 0
        while let gap = numbers.next(), let length = numbers.next() {
            firsts.append(end + gap)
            end += gap + length
            lasts.append(end)
        }
    }

    func contains(_ scalar: UInt32) -> Bool {
        let place = firsts.countUp(to: scalar)
        return place > 0 && scalar <= lasts[place - 1]
    }
}

extension [UInt32] {
    /// How many elements of this ascending array are at most `value`.
    func countUp(to value: UInt32) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
