internal import AuthEngine
internal import Glibc

/// What a loop knows of its own business since it looked last.
struct LoopBusiness {
    /// Counts the times that it has looked; never 0, which connections that are new or have moved say.
    var number: UInt32 = 1
    var ends = Instant(nanoseconds: 0)
    /// Those that were busy in this period and are known to last.
    var connections = 0
    /// When the thread's time was taken, and what it was; not while there is nothing to share.
    var begun: LoopTimes?
}

/// A moment, and what the calling thread has used of a processor until then; in nanoseconds.
struct LoopTimes {
    let now: Int64
    let used: Int64

    init(now: Instant) {
        self.now = now.nanoseconds
        var time = timespec()
        // As with the monotonic clock.
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        used = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension EventLoop {
    /// A connection that was busy in so many periods is no login's own.
    private static let provenPeriods: UInt8 = 3

    /// Notes that a connection is busy, once in each period.
    func noteBusy(_ connection: SocketConnection) {
        connection.busyPeriod = business.number
        if connection.busyPeriods < Self.provenPeriods { connection.busyPeriods += 1 }
        if connection.busyPeriods == Self.provenPeriods { business.connections += 1 }
    }

    /// Between two rounds: hands connections to another loop if this one is at its limit and that has fewer to serve.
    func balance(_ turn: inout LoopTurn) {
        let own = business.connections
        let period = business.number
        let begun = business.begun
        business.number = max(1, period &+ 1)
        business.connections = 0
        business.ends = turn.now + LoopActivity.period
        handle.activity = LoopActivity(connections: own, at: turn.now)
        guard own >= 2, shared.handles.count > 1, !isDraining else {
            business.begun = nil
            return
        }
        let times = LoopTimes(now: turn.now)
        business.begun = times
        guard let begun else { return }
        let (target, least) = shared.lightest(beside: handle, at: turn.now)
        let surplus = LoopActivity.surplus(
            own: own, least: least, used: times.used - begun.used, of: times.now - begun.now)
        guard surplus > 0 else { return }
        let moved = handOver(surplus, to: target, &turn) { connection in
            connection.busyPeriod == period && connection.busyPeriods == Self.provenPeriods
        }
        handle.activity = LoopActivity(connections: own - moved, at: turn.now)
        target.activity = LoopActivity(connections: least + moved, at: turn.now)
    }

    /// Lets another loop have up to `most` of the connections that can be moved and of which `isWanted` is true.
    ///
    /// They go as they are: what their peers send meanwhile waits in their sockets. Nobody may be owed anything.
    ///
    /// - Returns: how many.
    @discardableResult
    func handOver(
        _ most: Int, to target: LoopHandle, _ turn: inout LoopTurn, where isWanted: (SocketConnection) -> Bool
    ) -> Int {
        let moving = connections.first(most) { $0.mayMove && isWanted($0) }
        guard !moving.isEmpty else { return 0 }
        for connection in moving {
            handle.readiness.remove(connection.socket.descriptor)
            disarm(connection)
            connections.remove(connection.token)
            handle.removeConnection()
            target.addConnection()
        }
        // Nothing but these references knows them, and they are used by one of the two loops, never by both.
        nonisolated(unsafe) let moved = moving
        guard !target.post({ loop, turn in unsafe loop.takeOver(moved, &turn) }) else { return moving.count }
        for _ in moving {
            target.removeConnection()
            handle.addConnection()
        }
        takeOver(moving, &turn)
        return 0
    }

    /// Goes on with connections that another loop has had; they are counted already.
    private func takeOver(_ moved: [SocketConnection], _ turn: inout LoopTurn) {
        for connection in moved {
            connections.insert(connection)
            connection.busyPeriod = 0
            guard watch(connection) else {
                close(connection, &turn)
                continue
            }
            turn.connection = connection.token
            if isDraining { connection.peer.drain(&turn) }
            if isCut { close(connection, &turn) } else { finish(connection, &turn) }
        }
    }
}
