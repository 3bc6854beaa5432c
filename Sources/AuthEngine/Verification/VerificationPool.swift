internal import AuthDatabases
internal import Glibc
public import PasswordSchemes
internal import Synchronization

/// Threads that run costly password hashes, so that no event loop ever does.
///
/// It is bounded, serves the hosts that ask in turn, and is honest: work whose deadline has passed, or that nobody waits
/// for any more, is not done.
public final class VerificationPool: Sendable {
    /// The pool has as much waiting as it may have.
    struct Overloaded: Error {}

    private struct Waiting {
        var jobs = FairQueue<VerificationJob>()
        var isShutDown = false
    }

    /// What the threads share; they must not keep the pool itself alive.
    private final class Core: Sendable {
        let waiting = Mutex(Waiting())
        let wakeUp = Semaphore()
        let limits: HashingLimits
        let clock: @Sendable () -> Instant

        init(limits: HashingLimits, clock: @escaping @Sendable () -> Instant) {
            self.limits = limits
            self.clock = clock
        }

        func work() {
            var workspace = HashingWorkspace(limits: limits)
            while true {
                wakeUp.wait()
                let (job, isShutDown) = waiting.withLock { ($0.jobs.popFirst(), $0.isShutDown) }
                if let job {
                    if isShutDown { job.refuse(.shutDown) } else { job.run(&workspace, at: clock()) }
                } else if isShutDown {
                    return
                }
            }
        }
    }

    private let core: Core
    private let threads: [WorkerThread]
    private let maximumPending: Int

    /// How many processors this process may use.
    public static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - threads: how many hashes run at once, at least one.
    ///   - maximumPending: how many may wait; over that a request fails temporarily at once.
    ///   - limits: hashes that would cost more are refused.
    ///   - clock: tells whether a deadline has passed.
    public init(
        threads: Int, maximumPending: Int, limits: HashingLimits = HashingLimits(),
        clock: @escaping @Sendable () -> Instant
    ) {
        let core = Core(limits: limits, clock: clock)
        self.core = core
        self.maximumPending = maximumPending
        self.threads = (0..<max(1, threads)).compactMap { number in
            // Cheap logins of others must not wait for a slice of the scheduler while hashes run.
            WorkerThread(name: "hash-\(number)", givesWay: true) { core.work() }
        }
    }

    /// Queues `job` behind what `host` has waiting.
    func submit(_ job: VerificationJob, host: String) throws(Overloaded) {
        let isAccepted = core.waiting.withLock { waiting in
            guard !waiting.isShutDown, waiting.jobs.count < maximumPending, !threads.isEmpty else { return false }
            waiting.jobs.append(job, host: host)
            return true
        }
        guard isAccepted else { throw Overloaded() }
        core.wakeUp.signal()
    }

    /// Whether there is more to do than threads to do it.
    var hasWaiting: Bool { core.waiting.withLock { $0.jobs.count > 0 } }

    /// Refuses what is waiting, and returns when the hashes that are running are done.
    public func shutDown() {
        // A thread can be joined only once.
        guard tellThreads() else { return }
        for thread in threads { thread.join() }
    }

    /// Tells the threads that this is the end.
    ///
    /// - Returns: false if they know.
    private func tellThreads() -> Bool {
        let wasShutDown = core.waiting.withLock { waiting in
            defer { waiting.isShutDown = true }
            return waiting.isShutDown
        }
        guard !wasShutDown else { return false }
        // One signal a waiting job was given already; these let the idle threads see the end.
        for _ in threads { core.wakeUp.signal() }
        return true
    }

    // Not joined: the last reference may have been that of work, on one of them.
    deinit {
        if tellThreads() { for thread in threads { thread.detach() } }
    }
}
