/// What one verification takes, estimated from the parameters in the stored hash.
public struct HashingCost: Sendable, Hashable {
    /// Time on one core of a server of about 2020, right within a factor of three or so.
    public var time: Duration

    /// Bytes of memory.
    public var memory: Int

    static let zero = HashingCost(time: .zero, memory: 0)

    init(time: Duration, memory: Int = 0) {
        self.time = time
        self.memory = memory
    }

    /// `units` steps that take `nanoseconds` each; parameters of any size give a value, not an overflow.
    init(units: Double, nanoseconds: Double, memory: Double = 0) {
        // Above this neither limit matters any more.
        let most = 1e18
        time = .nanoseconds(Int64(min(units * nanoseconds, most)))
        self.memory = Int(min(memory, most))
    }
}
