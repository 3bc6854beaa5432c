internal import Synchronization

/// A few threads for calls that wait for the system: files, name services. Apart from hashing, so that a slow directory
/// never holds up a verification, nor the other way round.
public final class BlockingPool: Sendable {
    /// The pool has as much waiting as it may have.
    public struct Overloaded: Error {
        public init() {}
    }

    private struct Waiting {
        private var jobs: [(@Sendable () -> Void)?] = []
        private var next = 0
        var hasEnded = false

        var count: Int { jobs.count - next }

        mutating func append(_ job: @escaping @Sendable () -> Void) { jobs.append(job) }

        mutating func popFirst() -> (@Sendable () -> Void)? {
            guard next < jobs.count else { return nil }
            // What was done must not be kept until the queue is empty, which it may never be.
            let job = jobs[next].take()
            next += 1
            if next == jobs.count || next > 32 && next * 2 > jobs.count {
                jobs.removeFirst(next)
                next = 0
            }
            return job
        }
    }

    private final class Core: Sendable {
        let waiting = Mutex(Waiting())
        let wakeUp = Semaphore()

        func work() {
            while true {
                wakeUp.wait()
                let (job, hasEnded) = waiting.withLock { ($0.popFirst(), $0.hasEnded) }
                if let job { job() } else if hasEnded { return }
            }
        }
    }

    private let core = Core()
    private let threads: [WorkerThread]
    private let maximumPending: Int

    /// Starts the threads; they end after the pool is released and what was queued is done.
    ///
    /// - Parameters:
    ///   - threads: how many calls wait at once; with 0 every call is refused.
    ///   - maximumPending: how many may be queued; over that ``run(_:)`` throws ``Overloaded``.
    public init(threads: Int = 2, maximumPending: Int = 1000) {
        let core = core
        self.maximumPending = maximumPending
        self.threads = (0..<max(0, threads)).compactMap { number in
            WorkerThread(name: "lookup-\(number)") { core.work() }
        }
    }

    /// Runs `body` on one of the threads.
    ///
    /// - Throws: ``Overloaded`` at once if too much is queued.
    public func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async throws(Overloaded) -> Result {
        let result: Result? = await withCheckedContinuation { continuation in
            let isAccepted = accept { continuation.resume(returning: body()) }
            if !isAccepted { continuation.resume(returning: nil) }
        }
        guard let result else { throw Overloaded() }
        return result
    }

    /// Has `body` run on one of the threads; nobody waits for it.
    ///
    /// - Throws: ``Overloaded`` at once if too much is queued.
    func start(_ body: @escaping @Sendable () -> Void) throws(Overloaded) {
        guard accept(body) else { throw Overloaded() }
    }

    private func accept(_ job: @escaping @Sendable () -> Void) -> Bool {
        let isAccepted = core.waiting.withLock { waiting in
            guard waiting.count < maximumPending, !threads.isEmpty else { return false }
            waiting.append(job)
            return true
        }
        if isAccepted { core.wakeUp.signal() }
        return isAccepted
    }

    deinit {
        core.waiting.withLock { $0.hasEnded = true }
        for thread in threads {
            core.wakeUp.signal()
            thread.detach()
        }
    }
}
