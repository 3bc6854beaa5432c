import AuthEngine
import Testing

@testable import AuthServer

@Suite("How busy a loop is, and what it should hand over")
struct LoopActivityTests {
    private let now = Instant(nanoseconds: 5_000_000_000)

    @Test("It says how many connections keep the loop busy", arguments: [0, 1, 64, 10_000, 1 << 20 - 1])
    func count(connections: Int) {
        let activity = LoopActivity(connections: connections, at: now)
        #expect(activity.connections(at: now) == connections)
        #expect(activity.connections(at: now + LoopActivity.period * 2) == connections)
        #expect(LoopActivity(rawValue: activity.rawValue) == activity)
    }

    @Test("What doesn't fit is the most or the least that does", arguments: [(1 << 20, 1 << 20 - 1), (Int.max, 1 << 20 - 1), (-1, 0)])
    func limits(connections: Int, told: Int) {
        #expect(LoopActivity(connections: connections, at: now).connections(at: now) == told)
    }

    @Test("A loop that has said nothing for a while sleeps: nothing keeps it busy")
    func oldWord() {
        let activity = LoopActivity(connections: 7, at: now)
        #expect(activity.connections(at: now + .milliseconds(7)) == 7)
        #expect(activity.connections(at: now + .milliseconds(20)) == 0)
        #expect(activity.connections(at: now + .seconds(86400 * 365)) == 0)
        #expect(LoopActivity(rawValue: 0).connections(at: now) == 0)
    }

    @Test(
        "A loop at its limit gives away half of what it has more than another",
        arguments: [(8, 0, 4), (64, 0, 32), (5, 3, 1), (4, 1, 1), (2, 0, 1)])
    func surplus(own: Int, least: Int, moved: Int) {
        for used in [75, 80, 100] as [Int64] {
            #expect(LoopActivity.surplus(own: own, least: least, used: used * 20_000, of: 2_000_000) == moved)
        }
    }

    @Test("One that keeps up gives nothing away", arguments: [0, 10, 50, 74] as [Int64])
    func idle(used: Int64) {
        #expect(LoopActivity.surplus(own: 64, least: 0, used: used * 20_000, of: 2_000_000) == 0)
    }

    @Test(
        "Nothing is moved for a difference of one, nor from whoever has less, nor to nobody",
        arguments: [(1, 0), (4, 4), (4, 3), (3, 4), (2, 9), (5, Int.max)])
    func balance(own: Int, least: Int) {
        #expect(LoopActivity.surplus(own: own, least: least, used: 2_000_000, of: 2_000_000) == 0)
    }
}
