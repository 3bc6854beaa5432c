internal import NIOCore
internal import Synchronization

/// The connections that are open, so that they can be counted, limited and drained.
final class ConnectionRegistry: Sendable {
    private struct State {
        var limit: Int
        var channels: [ObjectIdentifier: any Channel] = [:]
        var accepted: UInt32 = 0
        var waitingForRoom: [@Sendable () -> Void] = []
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []

        mutating func takeWaitersForRoom() -> [@Sendable () -> Void] {
            defer { waitingForRoom.removeAll() }
            return waitingForRoom
        }
    }

    private let state: Mutex<State>

    init(limit: Int) {
        state = Mutex(State(limit: limit))
    }

    /// How many connections may be open.
    var limit: Int {
        get { state.withLock { $0.limit } }
        set {
            let waiters = state.withLock { state in
                state.limit = newValue
                return state.takeWaitersForRoom()
            }
            // Each looks again, and waits again if the limit has not become higher.
            for waiter in waiters { waiter() }
        }
    }

    var count: Int { state.withLock { $0.channels.count } }

    /// How many more connections may be open.
    var room: Int { state.withLock { max(0, $0.limit - $0.channels.count) } }

    /// Counts a new connection; it leaves by itself when it closes.
    func add(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        state.withLock { $0.channels[key] = channel }
        channel.closeFuture.whenComplete { _ in self.remove(key) }
    }

    /// A number for a connection's CUID: never 0, unique until it wraps around.
    func nextNumber() -> UInt32 {
        state.withLock { state in
            state.accepted = state.accepted == .max ? 1 : state.accepted + 1
            return state.accepted
        }
    }

    private func remove(_ key: ObjectIdentifier) {
        let (waiters, ends) = state.withLock { state in
            state.channels[key] = nil
            let waiters = state.takeWaitersForRoom()
            guard state.channels.isEmpty else { return (waiters, [CheckedContinuation<Void, Never>]()) }
            let ends = state.waitingForEnd
            state.waitingForEnd.removeAll()
            return (waiters, ends)
        }
        for waiter in waiters { waiter() }
        for end in ends { end.resume() }
    }

    /// Calls `body` once, when a connection has ended, or at once if there is room already.
    func whenThereIsRoom(_ body: @escaping @Sendable () -> Void) {
        let isNow = state.withLock { state in
            guard state.channels.count >= state.limit else { return true }
            state.waitingForRoom.append(body)
            return false
        }
        if isNow { body() }
    }

    /// Tells every connection to end as soon as nothing is open on it.
    func drain() {
        for channel in all { channel.pipeline.fireUserInboundEventTriggered(DrainEvent()) }
    }

    /// Ends every connection.
    func closeAll() {
        for channel in all { channel.close(promise: nil) }
    }

    /// Returns when there are no connections.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isNow = state.withLock { state in
                guard !state.channels.isEmpty else { return true }
                state.waitingForEnd.append(continuation)
                return false
            }
            if isNow { continuation.resume() }
        }
    }

    private var all: [any Channel] { state.withLock { Array($0.channels.values) } }
}

/// Asks a connection to end as soon as nothing is open on it.
struct DrainEvent: Sendable {}
