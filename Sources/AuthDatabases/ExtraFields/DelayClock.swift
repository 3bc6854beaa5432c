internal import Glibc

/// What `delay_until` needs to know of time and chance; asked only for entries that have it.
public struct DelayClock: Sendable {
    /// Seconds since 1970.
    package var unixTime: @Sendable () -> Int
    /// A number from zero to below its argument, which is at least one.
    var random: @Sendable (Int) -> Int

    public init(unixTime: @escaping @Sendable () -> Int, random: @escaping @Sendable (Int) -> Int) {
        self.unixTime = unixTime
        self.random = random
    }

    /// The system's.
    public static let system = DelayClock(unixTime: { time(nil) }, random: { Int.random(in: 0..<$0) })

    /// Dovecot's longest delay, in seconds.
    static let longestDelay = 300

    enum Fault: Error, Equatable {
        case notATime(String)
        case notANumber(String)
        case tooFar(String)

        /// Dovecot's words.
        var logText: String {
            switch self {
            case .notATime(let text): "Invalid delay_until timestamp '\(text)'"
            case .notANumber(let text): "Invalid delay_until randomness number '\(text)'"
            case .tooFar(let text): "delay_until timestamp \(text) is too much in the future, failing"
            }
        }
    }

    /// Seconds since 1970 until when a login waits that may take place then; nil if that is not in the future.
    ///
    /// - Parameter text: a time, and after a `+` how many seconds may be added at random.
    func delay(until text: String) throws(Fault) -> Int? {
        let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        var extra = 0
        if parts.count == 2 {
            guard let number = UInt32(parts[1]) else { throw .notANumber(String(parts[1])) }
            extra = number == 0 ? 0 : random(Int(number))
        }
        guard let first = parts.first, let time = Int(first), time >= 0 else { throw .notATime(String(parts.first ?? "")) }
        let now = unixTime()
        guard time > now else { return nil }
        guard time - now <= Self.longestDelay else { throw .tooFar(String(first)) }
        return min(time + extra, now + Self.longestDelay)
    }
}
