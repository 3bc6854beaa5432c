internal import AuthEngine
internal import Synchronization

/// Counts the connections that are open, so that they can be limited, and waited for at the end.
final class ConnectionRegistry: Sendable {
    enum Admission: Equatable {
        case admitted
        /// Admitted, but there is no room for another one.
        case last
        case refused
    }

    private struct State {
        var limit: Int
        var count = 0
        var hasToldDelay = false
        var failureTold: Instant?
        var waitingForRoom: [@Sendable () -> Void] = []
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []

        mutating func takeWaitersForRoom() -> [@Sendable () -> Void] {
            guard count < limit, !waitingForRoom.isEmpty else { return [] }
            defer { waitingForRoom.removeAll() }
            return waitingForRoom
        }

        mutating func takeWaitersForEnd() -> [CheckedContinuation<Void, Never>] {
            guard count == 0, !waitingForEnd.isEmpty else { return [] }
            defer { waitingForEnd.removeAll() }
            return waitingForEnd
        }
    }

    private let state: Mutex<State>
    private let accepted = Atomic<UInt32>(0)

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
            for waiter in waiters { waiter() }
        }
    }

    var count: Int { state.withLock { $0.count } }

    /// Counts a connection that is about to be accepted; ``release()`` takes it back.
    func admit() -> Admission {
        state.withLock { state in
            guard state.count < state.limit else { return .refused }
            state.count += 1
            return state.count < state.limit ? .admitted : .last
        }
    }

    /// A connection has ended, or did not come.
    func release() {
        let (waiters, ends) = state.withLock { state in
            state.count -= 1
            // Where the last ones come and go, each must not be told of again.
            if state.count <= state.limit - max(1, state.limit / 20) { state.hasToldDelay = false }
            return (state.takeWaitersForRoom(), state.takeWaitersForEnd())
        }
        for waiter in waiters { waiter() }
        for end in ends { end.resume() }
    }

    /// A number for a connection's CUID: never 0, unique until it wraps around.
    func nextNumber() -> UInt32 {
        while true {
            let number = accepted.wrappingAdd(1, ordering: .relaxed).newValue
            if number != 0 { return number }
        }
    }

    /// Calls `body` once, when there is room for a connection; at once if there is already.
    func whenThereIsRoom(_ body: @escaping @Sendable () -> Void) {
        let isNow = state.withLock { state in
            guard state.count >= state.limit else { return true }
            state.waitingForRoom.append(body)
            return false
        }
        if isNow { body() }
    }

    /// Whether the admin has not been told yet that clients wait because there are too many.
    func isFirstDelay() -> Bool {
        state.withLock { state in
            defer { state.hasToldDelay = true }
            return !state.hasToldDelay
        }
    }

    /// Whether the admin has not been told within a minute that the system refuses connections.
    func mayTellFailure(at now: Instant) -> Bool {
        state.withLock { state in
            if let told = state.failureTold, now < told + .seconds(60) { return false }
            state.failureTold = now
            return true
        }
    }

    /// Returns when there are no connections.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isNow = state.withLock { state in
                guard state.count > 0 else { return true }
                state.waitingForEnd.append(continuation)
                return false
            }
            if isNow { continuation.resume() }
        }
    }
}
