internal import AuthEngine
internal import CPlatform
internal import Logging
internal import Secrets

/// One thread's share of the connections: waits until something is ready, and gives each its turn.
///
/// Made on its thread and never seen by another, but through its ``LoopHandle``.
@safe
final class EventLoop {
    /// As much is read at once. The buffer is the loop's, so that an idle connection owns none.
    private static let readSize = 65536
    /// How long a peer may take to read the rest of what was said before its connection is cut.
    private static let longestFarewell = Duration.seconds(30)

    let handle: LoopHandle
    let shared: LoopShared
    var listeners: [LoopListener] = []
    var acceptingIsPaused = false
    /// When to try again to accept, after the system had no room.
    var acceptsAgain: Instant?
    var connections = ConnectionTable()
    var business = LoopBusiness()
    private var deadlines = DeadlineQueue()
    /// Not after the earliest of them; asked in each turn, and sooner than the queue.
    private var nextDue = Instant.never
    /// Whether more than one was ready in this round.
    private var servesSeveral = false
    /// Counts the rounds, but those that had no room for all that was ready.
    private(set) var round = 0
    private(set) var isDraining = false
    /// Whether no connection is to live on.
    private(set) var isCut = false
    private var isRunning = true
    // Allocated here, freed in deinit, and used on the loop's thread only.
    private let buffer: UnsafeMutableRawBufferPointer

    init(_ handle: LoopHandle, _ shared: LoopShared) {
        self.handle = handle
        self.shared = shared
        unsafe buffer = .allocate(byteCount: Self.readSize, alignment: 16)
    }

    deinit { unsafe buffer.deallocate() }

    /// Serves until ``stop()``.
    func run() {
        var turn = LoopTurn(now: .now, mailbox: handle)
        // Handed down, as the turn is: each look at a property is checked for exclusivity.
        var outbox = Outbox()
        var ready = [gatepost_readiness](repeating: gatepost_readiness(), count: ReadinessQueue.mostEvents)
        while isRunning {
            let count = handle.readiness.wait(&ready, milliseconds: patience(from: turn.now))
            turn.now = .now
            if count < ReadinessQueue.mostEvents { round &+= 1 }
            servesSeveral = count > 1
            for index in 0..<count { dispatch(ready[index], &turn, &outbox) }
            send(&outbox, &turn)
            passTime(&turn)
            if turn.now >= business.ends { balance(&turn) }
        }
        for job in handle.end() { job(self, &turn) }
        closeAll(&turn)
    }

    // MARK: Orders from other threads

    func stop() { isRunning = false }

    /// Lets every connection end as soon as nothing is open on it.
    func drain(_ turn: inout LoopTurn) {
        isDraining = true
        for connection in connections.all {
            turn.connection = connection.token
            connection.peer.drain(&turn)
            finish(connection, &turn)
        }
    }

    func closeAll(_ turn: inout LoopTurn) {
        isCut = true
        for connection in connections.all { close(connection, &turn) }
    }

    /// A turn that a connection has asked for.
    func turn(
        of token: ConnectionToken, _ turn: inout LoopTurn, _ body: (any PeerConnection, inout LoopTurn) -> Void
    ) {
        guard let connection = connections[token] else { return }
        turn.connection = token
        body(connection.peer, &turn)
        finish(connection, &turn)
    }

    // MARK: Events

    private func dispatch(_ event: gatepost_readiness, _ turn: inout LoopTurn, _ outbox: inout Outbox) {
        let token = EventToken(rawValue: event.token)
        switch token.subject {
        case .connection(let token):
            guard let connection = connections[token] else { return }
            turn.connection = token
            serve(connection, .init(rawValue: event.kinds), &turn, &outbox)
        case .listener(let number):
            accept(number, &turn)
        case .mailbox:
            // Jobs may be about connections that are owed something.
            send(&outbox, &turn)
            for job in handle.takeJobs(token) { job(self, &turn) }
        }
    }

    private func serve(
        _ connection: SocketConnection, _ kinds: ReadinessQueue.Kinds, _ turn: inout LoopTurn, _ outbox: inout Outbox
    ) {
        let isHungUp = !kinds.isDisjoint(with: .hungUp)
        guard connection.kinds.contains(.readable), !kinds.isDisjoint(with: [.readable, .hungUp]) else {
            // What is owed to a peer that is gone can't be delivered.
            return isHungUp ? close(connection, &turn) : finish(connection, &turn)
        }
        switch unsafe connection.socket.receive(into: buffer) {
        case .bytes(let count):
            // The kernel has filled so many bytes of the buffer, which lives as long as the loop.
            let bytes = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[0..<count])
            let standing = unsafe Self.take(
                Span(_bytes: UnsafeRawBufferPointer(bytes).bytes), &connection.stream, connection.socket, &turn,
                mayWait: servesSeveral)
            unsafe wipe(bytes)
            if connection.busyPeriod != business.number { noteBusy(connection) }
            if let standing { return finish(connection, standing, &turn) }
            outbox.add(turn.output, for: connection)
            turn.wipeOutput()
            if outbox.isFull { send(&outbox, &turn) }
        case .nothing:
            break
        case .endOfInput:
            if isHungUp { return close(connection, &turn) }
            connection.stream.inputEnded(&turn)
            finish(connection, &turn)
        case .peerIsGone:
            close(connection, &turn)
        }
    }

    /// In one look at the stream, for each is checked for exclusivity.
    ///
    /// - Returns: nil if the output may leave later.
    private static func take(
        _ bytes: Span<UInt8>, _ stream: inout ConnectionStream, _ socket: ConnectedSocket, _ turn: inout LoopTurn,
        mayWait: Bool
    ) -> ConnectionStream.Standing? {
        stream.received(bytes, &turn)
        return mayWait && stream.mayWait(turn) ? nil : stream.settle(&turn, socket)
    }

    private func send(_ outbox: inout Outbox, _ turn: inout LoopTurn) {
        guard !outbox.isEmpty else { return }
        outbox.empty { connection, bytes in
            turn.connection = connection.token
            finish(connection, connection.stream.settle(sending: bytes, &turn, connection.socket), &turn)
        }
    }

    /// What follows each event of a connection.
    func finish(_ connection: SocketConnection, _ turn: inout LoopTurn) {
        finish(connection, connection.stream.settle(&turn, connection.socket), &turn)
    }

    private func finish(
        _ connection: SocketConnection, _ standing: ConnectionStream.Standing, _ turn: inout LoopTurn
    ) {
        guard !standing.isOver else { return close(connection, &turn) }
        var kinds: ReadinessQueue.Kinds = []
        if standing.reads { kinds.insert(.readable) }
        if standing.writes { kinds.insert(.writable) }
        if kinds != connection.kinds {
            connection.kinds = kinds
            handle.readiness.change(connection.socket.descriptor, kinds, token: connection.token.rawValue)
        }
        if standing.isEnding {
            guard !connection.isEnding else { return }
            connection.isEnding = true
            arm(connection, turn.now + Self.longestFarewell)
        } else if let next = connection.peer.nextDeadline, next < connection.armed {
            arm(connection, next)
        }
    }

    private func arm(_ connection: SocketConnection, _ deadline: Instant) {
        connection.armed = deadline
        nextDue = min(nextDue, deadline)
        deadlines.set(ConnectionTable.place(of: connection.token), deadline)
    }

    func disarm(_ connection: SocketConnection) {
        guard connection.armed < .never else { return }
        deadlines.remove(ConnectionTable.place(of: connection.token))
        connection.armed = .never
    }

    func close(_ connection: SocketConnection, _ turn: inout LoopTurn) {
        turn.connection = connection.token
        connection.peer.closed(&turn)
        turn.wipeOutput()
        disarm(connection)
        connections.remove(connection.token)
        connection.socket.close()
        leave()
    }

    // MARK: Time

    private func passTime(_ turn: inout LoopTurn) {
        if let acceptsAgain, acceptsAgain <= turn.now { resumeAccepting() }
        guard nextDue <= turn.now else { return }
        while let place = deadlines.popDue(at: turn.now) {
            guard let connection = connections[place: place] else { continue }
            connection.armed = .never
            if connection.isEnding {
                close(connection, &turn)
                continue
            }
            turn.connection = connection.token
            connection.peer.deadlinePassed(&turn)
            finish(connection, &turn)
        }
        nextDue = deadlines.earliest ?? .never
    }

    /// How many milliseconds to wait for an event at most, never too few for what comes next.
    private func patience(from now: Instant) -> Int32 {
        var next = nextDue
        if let acceptsAgain { next = min(next, acceptsAgain) }
        guard next < .never else { return -1 }
        let nanoseconds = max(0, next.nanoseconds - now.nanoseconds)
        return Int32(clamping: (nanoseconds + 999_999) / 1_000_000)
    }
}
