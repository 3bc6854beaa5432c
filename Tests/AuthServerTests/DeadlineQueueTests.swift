import AuthEngine
import TestSupport
import Testing

@testable import AuthServer

@Suite("The queue of deadlines")
struct DeadlineQueueTests {
    @Test("It gives out what is due, the earliest first, and nothing before its time")
    func order() {
        var queue = DeadlineQueue()
        for (slot, time) in [30, 10, 20, 40].enumerated() { queue.set(slot, Instant(nanoseconds: Int64(time))) }
        #expect(queue.earliest == Instant(nanoseconds: 10))
        #expect(queue.popDue(at: Instant(nanoseconds: 9)) == nil)
        #expect(queue.popDue(at: Instant(nanoseconds: 30)) == 1)
        #expect(queue.popDue(at: Instant(nanoseconds: 30)) == 2)
        #expect(queue.popDue(at: Instant(nanoseconds: 30)) == 0)
        #expect(queue.popDue(at: Instant(nanoseconds: 30)) == nil)
        #expect(queue.earliest == Instant(nanoseconds: 40))
    }

    @Test("After any changes it agrees with a list that is searched", arguments: 1...20)
    func againstModel(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var queue = DeadlineQueue()
        var model: [Int: Int64] = [:]
        for _ in 0..<2000 {
            let slot = Int.random(in: 0..<50, using: &generator)
            let time = Int64.random(in: 0..<1000, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0, 1:
                queue.set(slot, Instant(nanoseconds: time))
                model[slot] = time
            case 2:
                queue.remove(slot)
                model[slot] = nil
            default:
                let due = queue.popDue(at: Instant(nanoseconds: time))
                let least = model.values.min()
                if let due {
                    #expect(model[due] == least)
                    #expect(model[due] ?? .max <= time)
                    model[due] = nil
                } else {
                    #expect(least ?? .max > time)
                }
            }
            #expect(queue.earliest?.nanoseconds == model.values.min())
        }
    }
}
