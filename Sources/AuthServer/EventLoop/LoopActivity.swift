internal import AuthEngine

/// How many busy connections a loop had when it looked last; one word, which other loops read.
///
/// A loop looks after each ``period`` in which it was awake, so an old word is that of a loop which sleeps.
struct LoopActivity: RawRepresentable, Equatable {
    /// After so long a loop looks whether others have less to do.
    static let period = Duration.milliseconds(2)

    /// The moment in the upper 44 bits, in 2^20 nanoseconds, which lasts for 500 years; the number below it.
    let rawValue: UInt64

    private static let numberBits: UInt64 = 20
    private static let mostConnections = 1 << 20 - 1
    /// In 2^20 nanoseconds: two periods, and what a round may take.
    private static let freshness: UInt64 = 8

    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    init(connections: Int, at now: Instant) {
        rawValue = Self.moment(now) << Self.numberBits | UInt64(min(max(0, connections), Self.mostConnections))
    }

    /// How many connections keep the loop busy.
    func connections(at now: Instant) -> Int {
        guard Self.moment(now) <= rawValue >> Self.numberBits + Self.freshness else { return 0 }
        return Int(rawValue & UInt64(Self.mostConnections))
    }

    private static func moment(_ now: Instant) -> UInt64 { UInt64(max(0, now.nanoseconds)) >> 20 }

    /// How many of a loop's busy connections another one should have.
    ///
    /// A loop that keeps up does best alone: its connections share its wakings, and their memory is in its processor's
    /// cache.
    ///
    /// - Parameters:
    ///   - own: of the loop itself.
    ///   - least: of the loop that has the fewest.
    ///   - time: what the loop has used of its thread's time.
    ///   - total: in so much time.
    static func surplus(own: Int, least: Int, used time: Int64, of total: Int64) -> Int {
        guard own - least >= 2, time >= total / 4 * 3 else { return 0 }
        return (own - least) / 2
    }
}
