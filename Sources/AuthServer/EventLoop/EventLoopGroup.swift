internal import AuthDatabases
internal import AuthEngine
internal import Glibc
internal import Logging
internal import Synchronization

/// What all loops of a server have in common.
final class LoopShared: Sendable {
    let registry: ConnectionRegistry
    let logger: Logger
    let handles: [LoopHandle]

    init(registry: ConnectionRegistry, logger: Logger, handles: [LoopHandle]) {
        self.registry = registry
        self.logger = logger
        self.handles = handles
    }

    /// The loop that accepts connections.
    var first: LoopHandle { handles[0] }

    /// Of the others the loop that has the fewest busy connections, and how many it has; the loop itself if it is alone.
    func lightest(beside own: LoopHandle, at now: Instant) -> (loop: LoopHandle, connections: Int) {
        var lightest = (loop: own, connections: Int.max)
        for handle in handles where handle !== own {
            let count = handle.activity.connections(at: now)
            if count < lightest.connections { lightest = (handle, count) }
        }
        return lightest
    }

    /// Has one more loop accept beside the first, if there is one that does not.
    func askForHelp(_ listener: Int) {
        guard let helper = handles.dropFirst().first(where: { $0.beginHelping() }) else { return }
        if !helper.post({ loop, turn in loop.help(listener, &turn) }) { helper.endHelping() }
    }
}

/// The threads that serve connections, each with a loop of its own.
final class EventLoopGroup: Sendable {
    private let shared: LoopShared
    private let threads: [WorkerThread]

    /// - Throws: what the system says if it has no room for so many.
    init(loops: Int, registry: ConnectionRegistry, logger: Logger) throws(SystemFailure) {
        var handles: [LoopHandle] = []
        for _ in 0..<max(1, loops) { handles.append(try LoopHandle()) }
        let shared = LoopShared(registry: registry, logger: logger, handles: handles)
        self.shared = shared
        var threads: [WorkerThread] = []
        for (number, handle) in handles.enumerated() {
            guard let thread = WorkerThread(name: "loop-\(number)", { EventLoop(handle, shared).run() }) else {
                for handle in handles { handle.post { loop, _ in loop.stop() } }
                for thread in threads { thread.join() }
                throw SystemFailure(call: "pthread_create")
            }
            threads.append(thread)
        }
        self.threads = threads
    }

    var handles: [LoopHandle] { shared.handles }

    /// How many connections each loop has.
    var loads: [Int] { handles.map(\.load) }

    /// Has every loop do something, and returns when all have.
    ///
    /// - Throws: one of the failures if there are any.
    func onEveryLoop(
        _ body: @escaping @Sendable (EventLoop, inout LoopTurn) throws(SystemFailure) -> Void
    ) async throws(SystemFailure) {
        let failure: SystemFailure? = await withCheckedContinuation { continuation in
            let progress = Progress(shared.handles.count, continuation)
            for handle in shared.handles {
                let isPosted = handle.post { loop, turn in
                    do throws(SystemFailure) {
                        try body(loop, &turn)
                        progress.advance(nil)
                    } catch {
                        progress.advance(error)
                    }
                }
                if !isPosted { progress.advance(nil) }
            }
        }
        if let failure { throw failure }
    }

    /// Has every loop do something that can't fail, and does not wait for it.
    func tellEveryLoop(_ body: @escaping @Sendable (EventLoop, inout LoopTurn) -> Void) {
        for handle in shared.handles { handle.post(body) }
    }

    /// Ends the loops with whatever connections they have, and returns when their threads have ended. Once only.
    func end() {
        tellEveryLoop { loop, _ in loop.stop() }
        for thread in threads { thread.join() }
    }
}

/// Counts the loops that have done something.
private final class Progress: Sendable {
    private struct State {
        var left: Int
        var failure: SystemFailure?
    }

    private let state: Mutex<State>
    private let continuation: CheckedContinuation<SystemFailure?, Never>

    init(_ count: Int, _ continuation: CheckedContinuation<SystemFailure?, Never>) {
        state = Mutex(State(left: count))
        self.continuation = continuation
    }

    func advance(_ failure: SystemFailure?) {
        let (isLast, first) = state.withLock { state in
            state.left -= 1
            if state.failure == nil { state.failure = failure }
            return (state.left == 0, state.failure)
        }
        if isLast { continuation.resume(returning: first) }
    }
}
