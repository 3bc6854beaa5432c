internal import CPlatform
internal import Glibc
internal import Synchronization

/// An event loop as other threads see it: they leave it something to do, and wake it.
final class LoopHandle: LoopMailbox {
    typealias Job = @Sendable (EventLoop, inout LoopTurn) -> Void

    private struct State {
        var jobs: [Job] = []
        var hasEnded = false
    }

    let readiness: ReadinessQueue
    private let connections = Atomic(0)
    private let lastActivity = Atomic<UInt64>(0)
    private let helps = Atomic(false)
    private let state = Mutex(State())
    /// An eventfd: readable when there is something to do.
    private let bell: Int32

    init() throws(SystemFailure) {
        readiness = try ReadinessQueue()
        bell = gatepost_eventfd()
        guard bell >= 0 else { throw SystemFailure(call: "eventfd") }
        try readiness.add(bell, .readable, token: EventToken.bell.rawValue)
    }

    /// How many connections it has or was promised.
    var load: Int { connections.load(ordering: .relaxed) }

    func addConnection() { connections.add(1, ordering: .relaxed) }
    func removeConnection() { connections.subtract(1, ordering: .relaxed) }

    /// Its own word, or that of a loop which has just given it something to do.
    var activity: LoopActivity {
        get { LoopActivity(rawValue: lastActivity.load(ordering: .relaxed)) }
        set { lastActivity.store(newValue.rawValue, ordering: .relaxed) }
    }

    /// Has it accept connections beside the first loop, until there are none.
    ///
    /// - Returns: false if it does already.
    func beginHelping() -> Bool { !helps.exchange(true, ordering: .relaxed) }
    func endHelping() { helps.store(false, ordering: .relaxed) }

    /// Has `job` run on the loop.
    ///
    /// - Returns: false if the loop has ended, and never will.
    @discardableResult
    func post(_ job: @escaping Job) -> Bool {
        let (isAccepted, isFirst) = state.withLock { state in
            guard !state.hasEnded else { return (false, false) }
            state.jobs.append(job)
            return (true, state.jobs.count == 1)
        }
        // Whoever left the first has woken it for all.
        if isFirst { _ = unsafe withUnsafeBytes(of: UInt64(1)) { unsafe write(bell, $0.baseAddress, $0.count) } }
        return isAccepted
    }

    func post(_ connection: ConnectionToken, _ body: @escaping @Sendable (any PeerConnection, inout LoopTurn) -> Void) {
        post { loop, turn in loop.turn(of: connection, &turn, body) }
    }

    /// What was left; for the loop itself.
    func takeJobs() -> [Job] {
        var count: UInt64 = 0
        // Silenced first, so that whatever is left from here on rings again. The eventfd's value is eight bytes.
        _ = unsafe withUnsafeMutableBytes(of: &count) { unsafe read(bell, $0.baseAddress, $0.count) }
        return state.withLock { state in
            defer { state.jobs = [] }
            return state.jobs
        }
    }

    /// Takes nothing more, and hands out what came in the meantime.
    func end() -> [Job] {
        state.withLock { state in
            defer { state.jobs = [] }
            state.hasEnded = true
            return state.jobs
        }
    }

    deinit { close(bell) }
}

/// Tells what a readiness event is about.
struct EventToken: RawRepresentable, Equatable {
    enum Subject: Equatable {
        case connection(ConnectionToken)
        case listener(Int)
        case bell
    }

    var rawValue: UInt64

    static let bell = EventToken(rawValue: 1 << 63)

    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    init(listener: Int) {
        rawValue = 1 << 62 | UInt64(truncatingIfNeeded: listener)
    }

    var subject: Subject {
        switch rawValue >> 62 {
        case 0: .connection(ConnectionToken(rawValue: rawValue))
        case 1: .listener(Int(truncatingIfNeeded: rawValue & 0xffff_ffff))
        default: .bell
        }
    }
}
