/// When a login that failed is told so.
///
/// Neither the time nor the order of failures may say anything about the check behind them. So a failure is due at a
/// fixed time after the client's message, moved to the next tick of a clock that is the same for all connections, and
/// there to a random place: what fails at about the same time is told together and in random order. Dovecot has one
/// queue for that, which it empties on such ticks and shuffles; instants that each connection works out for itself need
/// no queue that all event loops would have to share.
struct FailureSchedule: Sendable {
    /// As in Dovecot.
    static let tick = Duration.milliseconds(500)
    /// Within which failures of one tick are shuffled.
    static let spread = Duration.milliseconds(40)

    /// How long a refused login waits (`auth_failure_delay`); zero for not at all.
    let delay: Duration
    /// How long an internal failure waits at least (`auth_internal_failure_delay`), and half as long again at most.
    let internalDelay: Duration
    /// After what time every request is answered.
    let deadline: Duration

    /// When to tell that a login was refused.
    ///
    /// - Parameters:
    ///   - heardAt: when the client's message came.
    ///   - notBefore: when the login was admitted, if it had to wait for that.
    ///   - chance: any number, another for each failure.
    func refusal(heardAt: Instant, notBefore: Instant?, now: Instant, chance: UInt64) -> Instant {
        let begin = max(notBefore ?? heardAt, heardAt)
        guard delay > .zero else { return max(begin, now) }
        let tick = max(begin + delay, now).roundedUp(to: Self.tick)
        return min(tick + Self.part(Self.spread, chance), latest(heardAt, now))
    }

    /// When to tell that a login could not be decided.
    func internalFailure(heardAt: Instant, now: Instant, chance: UInt64) -> Instant {
        guard internalDelay > .zero else { return now }
        let due = heardAt + internalDelay + Self.part(internalDelay / 2, chance)
        return max(min(due, latest(heardAt, now)), now)
    }

    /// How long an address that fails often may have to wait for its logins to be decided.
    var longestPenalty: Duration { max(.zero, deadline - delay - Self.tick - Self.spread) }

    private func latest(_ heardAt: Instant, _ now: Instant) -> Instant { max(heardAt + deadline, now) }

    /// A random part of `duration`, in steps of a microsecond.
    private static func part(_ duration: Duration, _ chance: UInt64) -> Duration {
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let (microseconds, sumOverflow) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000)
        guard !overflow, !sumOverflow, microseconds > 0 else { return .zero }
        return .microseconds(Int64(chance % UInt64(microseconds)))
    }
}
