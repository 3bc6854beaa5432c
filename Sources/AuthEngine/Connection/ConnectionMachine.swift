internal import DovecotAuthProtocol

/// One client connection from its first line to its end, without socket, clock or database.
///
/// Its owner hands in lines, answers and the passing of time, and does what the returned ``ConnectionAction`` says.
/// Beside the action it may leave log lines (``takeLog()``) and questions that nobody asks any more
/// (``takeAbandoned()``). Whatever a peer sends ends in an action, never in a trap.
///
/// Kinds of wrong input: a line whose command or id can't be read ends the connection, as in Dovecot; a request that
/// is wrong but has an id fails alone, where Dovecot closes; a late message for a request that is over is answered as
/// Dovecot does, "Authentication request timed out".
public struct ConnectionMachine: ~Copyable {
    enum State: Equatable {
        case awaitingVersion(until: Instant)
        case awaitingProcessID(minorVersion: UInt32, until: Instant)
        case ready(minorVersion: UInt32)
        case closed
    }

    let shared: SharedConnectionSettings
    var settings: ConnectionSettings {
        // Lent, not copied.
        _read { yield shared.settings }
    }
    /// On a login socket: where its logins wait for the processes that serve the users.
    public internal(set) var seat: LoginSeat?
    var state: State
    var requests = RequestTable()
    /// A login that has said nothing special yet; there is no request then.
    var dialogue: DirectDialogue?
    /// Requests that wait for this server, not for their mail client.
    var owedReplies = 0
    var isDraining = false
    /// Not after the earliest deadline of all requests.
    var earliestDeadline: Instant?
    var nextSerial: UInt64 = 0
    private var pendingCheck: LoginCheck?
    private(set) var log: [LogLine] = []
    private(set) var abandoned: [CheckTicket] = []

    /// A connection that was accepted at `now`.
    ///
    /// - Parameter seat: for a login socket.
    public init(settings shared: SharedConnectionSettings, seat: LoginSeat? = nil, at now: Instant) {
        self.shared = shared
        self.seat = seat
        // Zero is the configuration's word for no limit.
        let timeout = shared.settings.handshakeTimeout
        let limit = timeout > .zero ? now + timeout : Instant(nanoseconds: .max)
        state = .awaitingVersion(until: limit)
        earliestDeadline = limit
    }

    // MARK: What the owner asks

    /// Whether more input may be read: not while too many requests wait for this server.
    public var wantsInput: Bool { owedReplies < settings.maximumRequestsInFlight }

    /// Whether nothing is open and the connection may be closed because the server ends.
    public var isDrained: Bool { isDraining && requests.isEmpty && dialogue == nil }

    /// How many requests have had no final reply yet.
    public var openRequests: Int { requests.count + (dialogue == nil ? 0 : 1) }

    /// When ``deadlinePassed(at:)`` has to be called next, at the latest.
    public var nextDeadline: Instant? {
        guard let waiting = seat?.deadline else { return earliestDeadline }
        return earliestDeadline.map { min($0, waiting) } ?? waiting
    }

    /// All that the owner asks after each event.
    public struct Standing: Hashable, Sendable {
        /// See ``ConnectionMachine/wantsInput``.
        public var wantsInput = true
        /// See ``ConnectionMachine/isDrained``.
        public var isDrained = false
        /// See ``ConnectionMachine/nextDeadline``.
        public var nextDeadline: Instant?
    }

    /// How it stands now. Changes nothing, but is reached by its address: to be lent, a value of this size is copied.
    public mutating func standing() -> Standing {
        Standing(wantsInput: wantsInput, isDrained: isDrained, nextDeadline: nextDeadline)
    }

    /// The question that the last `.check` announced.
    public mutating func takeCheck() -> LoginCheck? { pendingCheck.take() }

    /// The log lines since the last call.
    public mutating func takeLog() -> [LogLine] {
        guard !log.isEmpty else { return [] }
        defer { log.removeAll() }
        return log
    }

    /// The questions whose answers nobody waits for any more, since the last call.
    public mutating func takeAbandoned() -> [CheckTicket] {
        guard !abandoned.isEmpty else { return [] }
        defer { abandoned.removeAll() }
        return abandoned
    }

    // MARK: Lines

    /// Takes one line, without its LF. The caller wipes it afterwards.
    public mutating func received(_ line: Span<UInt8>, at now: Instant) -> ConnectionAction {
        if dialogue != nil { hearDialogue() }
        return hear(line, at: now)
    }

    mutating func hear(_ line: Span<UInt8>, at now: Instant) -> ConnectionAction {
        let minorVersion: UInt32
        switch state {
        case .closed: return .nothing
        case .awaitingVersion: minorVersion = 0
        case .awaitingProcessID(let minor, _), .ready(let minor): minorVersion = minor
        }
        do throws(ClientCommandFault) {
            return received(try ClientCommand(parsing: line, minorVersion: minorVersion), at: now)
        } catch {
            return refused(error, at: now)
        }
    }

    /// Ends the connection because a line is longer than ``ProtocolLimits/longestLine``.
    public mutating func receivedTooLongLine() -> ConnectionAction {
        close(.lineTooLong)
    }

    private mutating func received(_ command: consuming ClientCommand, at now: Instant) -> ConnectionAction {
        switch state {
        case .awaitingVersion(let limit):
            let word = command.word
            guard case .version(let version) = consume command else { return close(.invalidVersionLine(word)) }
            guard version.major == ProtocolVersion.current.major else { return close(.incompatibleVersion) }
            state = .awaitingProcessID(minorVersion: version.minor, until: limit)
            return settings.greeting == .afterVersion ? .greet(minorVersion: version.minor) : .nothing
        case .awaitingProcessID(let minorVersion, _):
            let word = command.word
            guard case .processID(let number) = consume command else { return close(.unknownHandshakeCommand(word)) }
            guard takeSeat(as: number) else { return close(.processIDInUse(number)) }
            state = .ready(minorVersion: minorVersion)
            return .nothing
        case .ready:
            switch consume command {
            case .authenticate(let request, let response):
                return begin(request, response, at: now)
            case .proceed(let id, let response, let channelBinding):
                return proceed(id, response, channelBinding, at: now)
            case .cancel(let id):
                return cancel(id)
            default:
                // VERSION and CPID: Robin says both again before each login; Dovecot closes.
                return .nothing
            }
        case .closed:
            return .nothing
        }
    }

    private mutating func refused(_ fault: ClientCommandFault, at now: Instant) -> ConnectionAction {
        switch (state, fault) {
        case (.closed, _):
            return .nothing
        case (.awaitingVersion, .unreadable(.unknownCommand(let word))):
            return close(.invalidVersionLine(word))
        case (.awaitingVersion, _):
            return close(.invalidVersionLine("VERSION"))
        case (.awaitingProcessID, .unreadable(.unknownCommand(let word))):
            return close(.unknownHandshakeCommand(word))
        case (.awaitingProcessID, .unreadable(.brokenProcessID)):
            return close(.invalidProcessID)
        case (.awaitingProcessID, _):
            return close(.unknownHandshakeCommand("AUTH"))
        case (.ready, .unreadable(let reason)):
            return close(ConnectionFault(reason))
        case (.ready, .refused(let id, let reason)):
            return refuse(id, reason.replyText)
        }
    }

    // MARK: For the other files of this machine

    mutating func close(_ fault: ConnectionFault) -> ConnectionAction {
        note(fault.logLine)
        return close()
    }

    mutating func close() -> ConnectionAction {
        state = .closed
        leaveSeat()
        for exchange in requests.values { abandonCheck(of: exchange, exchange.request.id) }
        requests.removeAll()
        dialogue = nil
        owedReplies = 0
        earliestDeadline = nil
        pendingCheck = nil
        return .close
    }

    mutating func note(_ line: LogLine) {
        log.append(line)
    }

    mutating func ask(_ check: consuming LoginCheck) -> ConnectionAction {
        let ticket = check.ticket
        pendingCheck = consume check
        return .check(ticket)
    }

    mutating func abandonCheck(of exchange: Exchange, _ id: RequestID) {
        guard case .checking(let question) = exchange.state, question.serial != exchange.answered else { return }
        abandoned.append(CheckTicket(id: id, serial: question.serial))
    }
}

extension ConnectionFault {
    init(_ reason: ClientCommandFault.Reason) {
        switch reason {
        case .unknownCommand(let word): self = .unknownCommand(word)
        case .brokenVersion: self = .brokenCommand("VERSION")
        case .brokenProcessID: self = .brokenCommand("CPID")
        case .brokenContinuation, .missingContinuationData: self = .brokenCommand("CONT")
        case .brokenCancel: self = .brokenCommand("CANCEL")
        case .brokenAuth, .missingMechanism, .missingService, .parametersAfterResponse: self = .brokenCommand("AUTH")
        }
    }
}

extension ClientCommandFault.Reason {
    /// What a request that fails alone is told.
    var replyText: String {
        switch self {
        case .missingMechanism: "Authentication request names no mechanism"
        case .missingService: "Authentication request names no service"
        case .parametersAfterResponse: "Authentication request has parameters after resp"
        case .missingContinuationData: "Authentication continuation has no data"
        case .unknownCommand, .brokenVersion, .brokenProcessID, .brokenAuth, .brokenContinuation, .brokenCancel:
            "Authentication request is broken"
        }
    }
}
