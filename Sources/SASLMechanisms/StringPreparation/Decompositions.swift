/// The full compatibility decompositions of Unicode 3.2.
struct Decompositions: Sendable {
    private var keys: [UInt32] = []
    /// Where each key's scalars end in the pool; they begin where the one before ends.
    private var ends: [Int] = []
    private var pool: [UInt32] = []

    init(_ packed: String) {
        var numbers = PackedNumbers(packed)
        var key: UInt32 = 0
        var value: Int64 = 0
        while let gap = numbers.next(), let count = numbers.next() {
            key += gap
            keys.append(key)
            for _ in 0..<count {
                value += numbers.nextSigned() ?? 0
                pool.append(UInt32(truncatingIfNeeded: value))
            }
            ends.append(pool.count)
        }
    }

    /// What `scalar` decomposes to, or nil if it stays what it is; Hangul excepted.
    subscript(scalar: UInt32) -> ArraySlice<UInt32>? {
        let place = keys.countUp(to: scalar)
        guard place > 0, keys[place - 1] == scalar else { return nil }
        return pool[(place > 1 ? ends[place - 2] : 0)..<ends[place - 1]]
    }
}
