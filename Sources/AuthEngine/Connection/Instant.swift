/// A point on a monotonic clock, which comes into the machines as an argument.
public struct Instant: Hashable, Comparable, Sendable {
    /// Since some fixed moment before the process began.
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The next instant, from this one on, that is a whole number of `step`s from the clock's beginning.
    func roundedUp(to step: Duration) -> Instant {
        let step = (Instant(nanoseconds: 0) + step).nanoseconds
        guard step > 0, nanoseconds % step > 0 else { return self }
        let (sum, overflow) = nanoseconds.addingReportingOverflow(step - nanoseconds % step)
        return Instant(nanoseconds: overflow ? .max : sum)
    }

    /// Saturates, so that no configured duration can trap.
    public static func + (instant: Instant, duration: Duration) -> Instant {
        let end = Int128(instant.nanoseconds) + duration.attoseconds / 1_000_000_000
        return Instant(nanoseconds: Int64(clamping: end))
    }
}
