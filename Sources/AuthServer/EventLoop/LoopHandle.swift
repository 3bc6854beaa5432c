internal import CPlatform
internal import Glibc
internal import Synchronization

/// An event loop as other threads see it: they leave it something to do, and wake it.
final class LoopHandle: LoopMailbox {
    typealias Job = @Sendable (EventLoop, inout LoopTurn) -> Void

    private struct State {
        var jobs: [Job] = []
        var hasEnded = false
        /// Whether the bell has rung, and nobody has come yet.
        var isRung = false
        var timerRuns = false
    }

    /// What is due soon waits for so many nanoseconds.
    private static let patience = 2_000_000

    let readiness: ReadinessQueue
    private let connections = Atomic(0)
    private let lastActivity = Atomic<UInt64>(0)
    private let helps = Atomic(false)
    private let state = Mutex(State())
    /// An eventfd: readable when there is something to do at once.
    private let bell: Int32
    /// Readable when there was something to do soon.
    private let timer: Int32

    init() throws(SystemFailure) {
        readiness = try ReadinessQueue()
        bell = gatepost_eventfd()
        timer = gatepost_timer()
        guard bell >= 0 else { throw SystemFailure(call: "eventfd") }
        guard timer >= 0 else { throw SystemFailure(call: "timerfd_create") }
        try readiness.add(bell, .readable, token: EventToken.bell.rawValue)
        try readiness.add(timer, .readable, token: EventToken.timer.rawValue)
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

    private enum Call {
        case refused
        case needless
        case bell
        case timer
    }

    /// Has `job` run on the loop.
    ///
    /// - Returns: false if the loop has ended, and never will.
    @discardableResult
    func post(_ job: @escaping Job, _ urgency: Urgency = .atOnce) -> Bool {
        let call: Call = state.withLock { state in
            guard !state.hasEnded else { return .refused }
            state.jobs.append(job)
            // Whoever called the loop has called it for all.
            if state.isRung || urgency == .soon && state.timerRuns { return .needless }
            if urgency == .soon {
                state.timerRuns = true
                return .timer
            }
            state.isRung = true
            return .bell
        }
        switch call {
        case .refused: return false
        case .needless: break
        case .bell: _ = unsafe withUnsafeBytes(of: UInt64(1)) { unsafe write(bell, $0.baseAddress, $0.count) }
        case .timer: _ = gatepost_timer_start(timer, Self.patience)
        }
        return true
    }

    func post(
        _ connection: ConnectionToken, _ urgency: Urgency,
        _ body: @escaping @Sendable (any PeerConnection, inout LoopTurn) -> Void
    ) {
        post({ loop, turn in loop.turn(of: connection, &turn, body) }, urgency)
    }

    /// What was left; for the loop itself, when the bell or the timer has called it.
    func takeJobs(_ caller: EventToken) -> [Job] {
        var count: UInt64 = 0
        let isBell = caller == .bell
        // Silenced first, so that whatever is left from here on calls again. The value is eight bytes with either.
        _ = unsafe withUnsafeMutableBytes(of: &count) { unsafe read(isBell ? bell : timer, $0.baseAddress, $0.count) }
        return state.withLock { state in
            if isBell { state.isRung = false } else { state.timerRuns = false }
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

    deinit {
        close(bell)
        close(timer)
    }
}

/// Tells what a readiness event is about.
struct EventToken: RawRepresentable, Equatable {
    enum Subject: Equatable {
        case connection(ConnectionToken)
        case listener(Int)
        /// Somebody has left something to do.
        case mailbox
    }

    var rawValue: UInt64

    static let bell = EventToken(rawValue: 1 << 63)
    static let timer = EventToken(rawValue: 1 << 63 | 1)

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
        default: .mailbox
        }
    }
}
