import Glibc
import Synchronization
import TestSupport
import Testing

@testable import AuthDatabases

@Suite("The threads for calls that wait", .timeLimit(.minutes(1)))
struct BlockingPoolTests {
    @Test("Work is done on a thread of the pool, and its result handed back")
    func ownThread() async throws {
        let pool = BlockingPool(threads: 1)
        let first = try await pool.run { pthread_self() }
        let second = try await pool.run { pthread_self() }
        #expect(first == second)
        // This test may go on on another thread after each wait, but never on the pool's.
        #expect(first != currentThread())
        #expect(try await pool.run { "result" } == "result")
    }

    @Test("One thread does its work in the order in which it came")
    func order() async throws {
        let pool = BlockingPool(threads: 1)
        let (gate, hasBegun, done) = (AuthDatabases.Semaphore(), Latch(), Latch(100))
        let numbers = Reference(Mutex<[Int]>([]))
        Task.immediate {
            try await pool.run {
                hasBegun.countDown()
                gate.wait()
            }
        }
        await hasBegun.wait()
        for number in 0..<100 {
            // Runs up to its place in the queue before it returns.
            Task.immediate {
                try await pool.run { numbers.value.withLock { $0.append(number) } }
                done.countDown()
            }
        }
        gate.signal()
        await done.wait()
        #expect(numbers.value.withLock { $0 } == Array(0..<100))
    }

    @Test("As many calls wait at once as there are threads")
    func concurrency() async throws {
        let pool = BlockingPool(threads: 3)
        let (gate, hasBegun, done) = (AuthDatabases.Semaphore(), Latch(3), Latch(3))
        for _ in 0..<3 {
            Task.immediate {
                try await pool.run {
                    hasBegun.countDown()
                    gate.wait()
                }
                done.countDown()
            }
        }
        await hasBegun.wait()
        for _ in 0..<3 { gate.signal() }
        await done.wait()
    }

    @Test("Over the limit of what may be queued it is refused at once; what runs doesn't count")
    func overload() async throws {
        let pool = BlockingPool(threads: 1, maximumPending: 2)
        let (gate, hasBegun, done) = (AuthDatabases.Semaphore(), Latch(), Latch(3))
        Task.immediate {
            try await pool.run {
                hasBegun.countDown()
                gate.wait()
            }
            done.countDown()
        }
        await hasBegun.wait()
        for _ in 0..<2 {
            Task.immediate {
                try await pool.run {}
                done.countDown()
            }
        }
        await #expect(throws: BlockingPool.Overloaded.self) { try await pool.run {} }
        gate.signal()
        await done.wait()
        try await pool.run {}
    }

    @Test("Without a thread everything is refused")
    func noThreads() async {
        await #expect(throws: BlockingPool.Overloaded.self) { try await BlockingPool(threads: 0).run {} }
    }

    @Test("What was done is let go of, even if the queue is never empty")
    func release() async throws {
        let pool = BlockingPool(threads: 1)
        let (gate, hasBegun, secondHasBegun) = (AuthDatabases.Semaphore(), Latch(), Latch())
        let observed: WeakPayload
        do {
            let payload = Payload()
            observed = WeakPayload(payload)
            Task.immediate {
                try await pool.run {
                    hasBegun.countDown()
                    gate.wait()
                    withExtendedLifetime(payload) {}
                }
            }
        }
        await hasBegun.wait()
        Task.immediate {
            try await pool.run {
                secondHasBegun.countDown()
                gate.wait()
            }
        }
        let done = Latch()
        Task.immediate {
            try await pool.run {}
            done.countDown()
        }
        gate.signal()
        await secondHasBegun.wait()
        // The first task may still be about to end.
        while !observed.isGone { await Task.yield() }
        gate.signal()
        await done.wait()
    }

    @Test("Nothing is lost or done twice when many ask at once")
    func many() async throws {
        let pool = BlockingPool(threads: 4, maximumPending: 10_000)
        let numbers = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for number in 0..<1000 { tasks.addTask { try await pool.run { number } } }
            return try await tasks.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(0..<1000))
    }

    private final class Payload: Sendable {}

    private final class WeakPayload: Sendable {
        private weak let payload: Payload?
        init(_ payload: Payload) { self.payload = payload }
        var isGone: Bool { payload == nil }
    }
}

private func currentThread() -> pthread_t { pthread_self() }

/// Lets closures share what can't be copied.
private final class Reference<Value: ~Copyable & Sendable>: Sendable {
    let value: Value
    init(_ value: consuming Value) { self.value = value }
}
