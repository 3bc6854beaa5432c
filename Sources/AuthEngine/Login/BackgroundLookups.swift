/// Runs the lookups that may wait, as children of the server's own task, so that none outlives it.
public final class BackgroundLookups: Sendable {
    private let lookups: AsyncStream<@Sendable () async -> Void>
    private let queue: AsyncStream<@Sendable () async -> Void>.Continuation

    public init() {
        // Bounded by the requests that connections may have open.
        (lookups, queue) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Runs `lookup` soon; never on the caller's thread.
    func start(_ lookup: @escaping @Sendable () async -> Void) {
        queue.yield(lookup)
    }

    /// Runs what is started, until cancelled.
    public func run() async {
        await withDiscardingTaskGroup { tasks in
            for await lookup in lookups {
                tasks.addTask { await lookup() }
            }
        }
    }
}
