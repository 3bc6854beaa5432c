import TestSupport
import Testing

@testable import AuthEngine

@Suite("When failures are told")
struct FailureScheduleTests {
    let schedule = FailureSchedule(delay: .seconds(2), internalDelay: .seconds(2), deadline: .seconds(8))

    private func at(_ milliseconds: Int) -> Instant { Instant(nanoseconds: Int64(milliseconds) * 1_000_000) }

    @Test("A failure is due at the first tick two seconds after its message, whenever the check ended before", arguments: [
        (10_000, 10_000, 12_000), (10_000, 11_999, 12_000), (10_001, 10_001, 12_500), (10_499, 12_400, 12_500),
        // Later than that only the tick says anything about the check.
        (10_000, 12_001, 12_500), (10_000, 12_499, 12_500), (10_000, 13_100, 13_500),
    ])
    func ticks(heard: Int, now: Int, due: Int) {
        #expect(schedule.refusal(heardAt: at(heard), notBefore: nil, now: at(now), chance: 0) == at(due))
    }

    @Test("All failures of one tick come within 40 ms of it, in an order that only chance decides")
    func shuffled() {
        var generator = SeededGenerator(seed: 7)
        let dues = (0..<1000).map { number in
            schedule.refusal(
                heardAt: at(10_001 + number % 499), notBefore: nil, now: at(10_600), chance: generator.next())
        }
        #expect(dues.allSatisfy { at(12_500) <= $0 && $0 < at(12_540) })
        #expect(Set(dues).count > 900)
        let inOrder = zip(dues, dues.dropFirst()).count { $0 < $1 }
        #expect((400...600).contains(inOrder))
    }

    @Test("A login that had to wait for its address is told so after that")
    func penalty() {
        #expect(schedule.refusal(heardAt: at(10_000), notBefore: at(14_000), now: at(10_100), chance: 0) == at(16_000))
        // The user of a dialogue may have taken longer than the penalty.
        #expect(schedule.refusal(heardAt: at(15_000), notBefore: at(14_000), now: at(15_100), chance: 0) == at(17_000))
    }

    @Test("The longest penalty and the delay fit into the time that a request has", arguments: [0, 1, 499, 500, 501])
    func longestPenalty(offset: Int) {
        let heard = at(10_000 + offset)
        let due = schedule.refusal(
            heardAt: heard, notBefore: heard + schedule.longestPenalty, now: heard, chance: .max)
        #expect(due <= heard + .seconds(8))
        #expect(due >= heard + .seconds(7))
    }

    @Test("Where the delay fills the time, there is no penalty, and nothing is told later than it may be")
    func shortDeadline() {
        let schedule = FailureSchedule(delay: .seconds(5), internalDelay: .seconds(60), deadline: .seconds(3))
        #expect(schedule.longestPenalty == .zero)
        #expect(schedule.refusal(heardAt: at(1_000), notBefore: nil, now: at(1_000), chance: 0) == at(4_000))
        #expect(schedule.internalFailure(heardAt: at(1_000), now: at(1_000), chance: 0) == at(4_000))
        #expect(schedule.internalFailure(heardAt: at(1_000), now: at(9_000), chance: 0) == at(9_000))
    }

    @Test("A delay of zero is none")
    func none() {
        let schedule = FailureSchedule(delay: .zero, internalDelay: .zero, deadline: .seconds(8))
        #expect(schedule.refusal(heardAt: at(1_001), notBefore: nil, now: at(1_007), chance: 9) == at(1_007))
        #expect(schedule.internalFailure(heardAt: at(1_001), now: at(1_007), chance: 9) == at(1_007))
    }

    // Dovecot 2.4: auth_internal_failure_delay, and up to half of it more.
    @Test("An internal failure waits two to three seconds")
    func internalFailures() {
        var generator = SeededGenerator(seed: 3)
        let dues = (0..<1000).map { _ in
            schedule.internalFailure(heardAt: at(1_000), now: at(1_100), chance: generator.next())
        }
        #expect(dues.allSatisfy { at(3_000) <= $0 && $0 < at(4_000) })
        #expect(dues.contains { $0 < at(3_100) } && dues.contains { $0 > at(3_900) })
    }

    @Test("Durations that no clock can hold trap nowhere")
    func extremes() {
        let schedule = FailureSchedule(delay: .seconds(Int64.max), internalDelay: .seconds(Int64.max), deadline: .seconds(Int64.max))
        #expect(schedule.refusal(heardAt: at(1), notBefore: nil, now: at(1), chance: .max).nanoseconds == .max)
        #expect(schedule.internalFailure(heardAt: at(1), now: at(1), chance: .max).nanoseconds == .max)
    }
}
