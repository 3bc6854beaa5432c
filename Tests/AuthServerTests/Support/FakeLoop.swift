import AuthEngine
import Synchronization

@testable import AuthServer

/// What is posted to a connection from other threads, until the test runs it.
final class FakeMailbox: LoopMailbox {
    typealias Job = @Sendable (any PeerConnection, inout LoopTurn) -> Void

    private struct State {
        var jobs: [Job] = []
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func post(_ connection: ConnectionToken, _ urgency: Urgency, _ body: @escaping Job) {
        let waiting = state.withLock { state in
            state.jobs.append(body)
            defer { state.waiting = [] }
            return state.waiting
        }
        for waiter in waiting { waiter.resume() }
    }

    func takeJobs() -> [Job] {
        state.withLock { state in
            defer { state.jobs = [] }
            return state.jobs
        }
    }

    /// Returns as soon as there is something.
    func waitForJob() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                guard state.jobs.isEmpty else { return true }
                state.waiting.append(continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}

/// A socket whose peer reads or doesn't, as the test says.
final class FakeSocket: StreamSocket {
    var writes: [[UInt8]] = []
    /// How many more bytes there is room for.
    var room = Int.max
    var isGone = false

    func send(_ bytes: Span<UInt8>) -> SendOutcome {
        guard !isGone else { return .peerIsGone }
        let count = min(room, bytes.count)
        guard count > 0 else { return .sent(0) }
        writes.append((0..<count).map { bytes[$0] })
        if room != .max { room -= count }
        return .sent(count)
    }
}

/// One connection on a loop and a clock of the test's own: does after each event what an event loop does.
struct FakeLoop: ~Copyable {
    let mailbox: FakeMailbox
    let socket = FakeSocket()
    private(set) var isOpen = true
    private(set) var isReading = true
    private(set) var wantsRoom = false
    private(set) var now: Instant
    private var turn: LoopTurn
    /// Nil once it is closed: a loop keeps nothing of a connection that is gone.
    private var peer: (any PeerConnection)?
    private var stream: ConnectionStream?

    init(mailbox: FakeMailbox, at now: Instant) {
        self.mailbox = mailbox
        self.now = now
        turn = LoopTurn(now: now, mailbox: mailbox)
    }

    mutating func open(_ peer: any PeerConnection) {
        self.peer = peer
        stream = ConnectionStream(peer)
        stream?.opened(&turn)
        settle()
    }

    mutating func receive(_ bytes: [UInt8]) {
        stream?.received(bytes.span, &turn)
        settle()
    }

    mutating func endInput() {
        stream?.inputEnded(&turn)
        settle()
    }

    mutating func drain() {
        peer?.drain(&turn)
        settle()
    }

    mutating func close() {
        peer?.closed(&turn)
        peer = nil
        stream = nil
        isOpen = false
    }

    mutating func setRoom(_ room: Int) {
        socket.room = room
        settle()
    }

    mutating func runJobs() {
        for job in mailbox.takeJobs() {
            guard let peer else { continue }
            job(peer, &turn)
            settle()
        }
    }

    /// Lets time pass, and each deadline in between.
    mutating func pass(_ duration: Duration) {
        let end = now + duration
        while let next = peer?.nextDeadline, next <= end {
            now = max(now, next)
            turn.now = now
            peer?.deadlinePassed(&turn)
            settle()
        }
        now = end
        turn.now = end
    }

    private mutating func settle() {
        guard let standing = stream?.settle(&turn, socket) else { return }
        isReading = standing.reads
        wantsRoom = standing.writes
        if standing.isOver { close() }
    }
}
