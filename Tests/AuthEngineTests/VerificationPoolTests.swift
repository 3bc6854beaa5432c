import AuthDatabases
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import AuthEngine

private typealias Semaphore = AuthDatabases.Semaphore

@Suite("The threads for costly hashes", .timeLimit(.minutes(1)))
struct VerificationPoolTests {
    private static let now = Instant(nanoseconds: 1_000)
    private static let later = Instant(nanoseconds: 1_001)

    private func pool(threads: Int = 1, maximumPending: Int = 100) -> VerificationPool {
        VerificationPool(threads: threads, maximumPending: maximumPending) { Self.now }
    }

    /// Work that holds a thread until `gate` is signalled.
    private func blocker(_ gate: Semaphore, _ hasBegun: Latch, _ events: Events, _ name: String = "blocker")
        -> VerificationJob
    {
        VerificationJob(deadline: Self.later) { _ in
            events.add(name)
            hasBegun.countDown()
            gate.wait()
        } onRefusal: { events.add("\(name) \($0)") }
    }

    private func job(_ events: Events, _ name: String, deadline: Instant = later, done: Latch? = nil) -> VerificationJob {
        VerificationJob(deadline: deadline) { _ in
            events.add(name)
            done?.countDown()
        } onRefusal: { refusal in
            events.add("\(name) \(refusal)")
            done?.countDown()
        }
    }

    @Test("As many run at once as there are threads, and no more", arguments: [1, 2, 5])
    func threads(count: Int) async throws {
        let pool = pool(threads: count)
        let (gate, events, hasBegun, done) = (Semaphore(), Events(), Latch(count), Latch())
        for number in 0..<count { try pool.submit(blocker(gate, hasBegun, events), host: "\(number)") }
        await hasBegun.wait()
        try pool.submit(job(events, "next", done: done), host: "next")
        #expect(events.all == Array(repeating: "blocker", count: count))
        gate.signal()
        await done.wait()
        #expect(events.all.last == "next")
        for _ in 1..<max(count, 2) { gate.signal() }
        pool.shutDown()
    }

    @Test("The threads of a pool that nobody has any more end by themselves", arguments: [false, true])
    func letGo(lastHeldByWork: Bool) async throws {
        let places = Mutex<[String]>([])
        let done = Latch(3)
        var pool: VerificationPool? = pool(threads: 3)
        let gate = Semaphore()
        for number in 0..<3 {
            let held = lastHeldByWork ? pool : nil
            let job = VerificationJob(deadline: Self.later) { _ in
                let place = threadPlace()
                places.withLock { $0.append(place) }
                done.countDown()
                gate.wait()
                withExtendedLifetime(held) {}
            } onRefusal: { _ in
            }
            try #require(pool).submit(job, host: "\(number)")
        }
        await done.wait()
        pool = nil
        for _ in 0..<3 { gate.signal() }
        let all = places.withLock { $0 }
        #expect(Set(all).count == 3)
        for place in all { while unsafe access(place, F_OK) == 0 { try await Task.sleep(for: .milliseconds(1)) } }
    }

    @Test("It knows whether hashes are waiting for a thread")
    func hasWaiting() async throws {
        let pool = pool()
        let (gate, events, hasBegun, done) = (Semaphore(), Events(), Latch(), Latch())
        #expect(!pool.hasWaiting)
        try pool.submit(blocker(gate, hasBegun, events), host: "")
        await hasBegun.wait()
        #expect(!pool.hasWaiting)
        try pool.submit(job(events, "next", done: done), host: "")
        #expect(pool.hasWaiting)
        gate.signal()
        await done.wait()
        #expect(!pool.hasWaiting)
        pool.shutDown()
    }

    @Test("Work whose time is over is refused and not done; with a nanosecond left it is done")
    func deadline() async throws {
        let pool = pool()
        let (events, done) = (Events(), Latch(2))
        try pool.submit(job(events, "late", deadline: Self.now, done: done), host: "")
        try pool.submit(job(events, "early", deadline: Self.later, done: done), host: "")
        await done.wait()
        #expect(events.all == ["late expired", "early"])
        pool.shutDown()
    }

    @Test("Work that is cancelled before it begins never runs, and says nothing")
    func cancelled() async throws {
        let pool = pool()
        let (gate, events, hasBegun, done) = (Semaphore(), Events(), Latch(), Latch())
        try pool.submit(blocker(gate, hasBegun, events), host: "")
        await hasBegun.wait()
        let cancelled = job(events, "cancelled")
        let cancelledLate = job(events, "cancelled late", deadline: Self.now)
        for job in [cancelled, cancelledLate, job(events, "next", done: done)] { try pool.submit(job, host: "") }
        cancelled.cancel()
        cancelledLate.cancel()
        gate.signal()
        await done.wait()
        #expect(events.all == ["blocker", "next"])
        pool.shutDown()
    }

    @Test("When as much waits as may, more is refused at once; what runs doesn't count")
    func overload() async throws {
        let pool = pool(maximumPending: 2)
        let (gate, events, hasBegun) = (Semaphore(), Events(), Latch())
        try pool.submit(blocker(gate, hasBegun, events), host: "")
        await hasBegun.wait()
        let done = Latch(2)
        try pool.submit(job(events, "first", done: done), host: "a")
        try pool.submit(job(events, "second", done: done), host: "b")
        #expect(throws: VerificationPool.Overloaded.self) { try pool.submit(job(events, "third"), host: "c") }
        gate.signal()
        await done.wait()
        #expect(Set(events.all) == ["blocker", "first", "second"])
        pool.shutDown()
    }

    @Test("At the end what runs is finished, and what waits is refused")
    func shutDown() async throws {
        let pool = pool(maximumPending: 1_000_000)
        let (gate, events, hasBegun, hasEnded) = (Semaphore(), Events(), Latch(), Latch())
        try pool.submit(blocker(gate, hasBegun, events), host: "")
        await hasBegun.wait()
        try pool.submit(job(events, "first"), host: "")
        try pool.submit(job(events, "second"), host: "")
        let thread = WorkerThread(name: "end") {
            pool.shutDown()
            hasEnded.countDown()
        }
        // A pool that has begun to end takes nothing more.
        let probe = job(events, "probe")
        probe.cancel()
        while (try? pool.submit(probe, host: "probe")) != nil { await Task.yield() }
        #expect(events.all == ["blocker"])
        gate.signal()
        await hasEnded.wait()
        thread?.join()
        #expect(events.all == ["blocker", "first shutDown", "second shutDown"])
    }

    @Test("Its threads give way to those that only have to react")
    func priority() async throws {
        let pool = pool()
        let (events, done) = (Events(), Latch())
        let job = VerificationJob(deadline: Self.later) { _ in
            // For Linux this is the calling thread's.
            events.add("\(getpriority(Int32(PRIO_PROCESS.rawValue), 0))")
            done.countDown()
        } onRefusal: { _ in done.countDown() }
        try pool.submit(job, host: "")
        await done.wait()
        #expect(events.all == ["5"])
        pool.shutDown()
    }

    @Test("It can be ended twice")
    func shutDownTwice() {
        let pool = pool(threads: 2)
        pool.shutDown()
        pool.shutDown()
        #expect(throws: VerificationPool.Overloaded.self) { try pool.submit(job(Events(), "late"), host: "") }
    }

    @Test("Nothing is lost or done twice when many submit at once")
    func many() async throws {
        let pool = pool(threads: 4, maximumPending: 10_000)
        let (events, done) = (Events(), Latch(2000))
        let submitters = (0..<4).map { part in
            WorkerThread(name: "submit") {
                for number in 0..<500 {
                    try? pool.submit(self.job(events, "\(part).\(number)", done: done), host: "\(number % 7)")
                }
            }
        }
        for thread in submitters { thread?.join() }
        await done.wait()
        pool.shutDown()
        #expect(events.all.count == 2000)
        #expect(Set(events.all).count == 2000)
    }
}

/// What has happened, in order.
final class Events: Sendable {
    private let events = Mutex<[String]>([])
    var all: [String] { events.withLock { $0 } }
    func add(_ event: String) { events.withLock { $0.append(event) } }
}

/// Where the kernel shows the calling thread as long as it lives.
private func threadPlace() -> String {
    var text = [CChar](repeating: 0, count: 64)
    // The kernel fills so many bytes at most.
    let count = unsafe readlink("/proc/thread-self", &text, text.count)
    return "/proc/" + String(decoding: text.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
