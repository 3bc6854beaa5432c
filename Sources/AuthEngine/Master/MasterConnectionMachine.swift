internal import AuthDatabases
internal import DovecotAuthProtocol

/// One connection to a userdb or master socket from its first line to its end, without socket, clock or database.
///
/// Its owner hands in lines, answers and the passing of time, and does what the returned ``MasterAction`` says. Beside
/// the action it may leave log lines (``takeLog()``) and questions that nobody asks any more (``takeAbandoned()``).
/// Whatever a peer sends ends in an action, never in a trap: what can't be understood ends the connection, as in
/// Dovecot.
public struct MasterConnectionMachine: Sendable {
    enum State: Equatable {
        case awaitingVersion(until: Instant)
        case ready
        case closed
    }

    /// A command that waits for an answer.
    struct Lookup {
        enum Subject {
            case user
            case password
            case names(NameMask)
            case claim(LoginClaim)
            /// The record of a login that was taken over.
            case login(WaitingLogin)
            case flush(id: String)
        }

        var id: UInt32
        var subject: Subject
        /// Nil for LIST, which takes as long as its peer takes to read.
        var deadline: Instant?
    }

    let settings: MasterConnectionSettings
    var state: State
    private(set) var lookups: [MasterTicket: Lookup] = [:]
    private var nextSerial: UInt64 = 0
    private var isDraining = false
    private(set) var log: [LogLine] = []
    private var abandoned: [MasterTicket] = []

    /// A connection that was accepted at `now`.
    public init(settings: MasterConnectionSettings, at now: Instant) {
        self.settings = settings
        // Zero is the configuration's word for no limit.
        let limit = settings.handshakeTimeout > .zero ? now + settings.handshakeTimeout : Instant(nanoseconds: .max)
        state = .awaitingVersion(until: limit)
    }

    // MARK: What the owner asks

    /// Whether more input may be read: not while too many lookups wait for this server.
    public var wantsInput: Bool { lookups.count < settings.maximumLookupsInFlight }

    /// Whether nothing is open and the connection may be closed because the server ends.
    public var isDrained: Bool { isDraining && lookups.isEmpty }

    /// When ``deadlinePassed(at:)`` has to be called next, at the latest.
    public var nextDeadline: Instant? {
        if case .awaitingVersion(let limit) = state { return limit }
        return lookups.values.lazy.compactMap(\.deadline).min()
    }

    public var hasLog: Bool { !log.isEmpty }

    /// The log lines since the last call.
    public mutating func takeLog() -> [LogLine] {
        defer { log.removeAll() }
        return log
    }

    /// The questions whose answers nobody waits for any more, since the last call.
    public mutating func takeAbandoned() -> [MasterTicket] {
        defer { abandoned.removeAll() }
        return abandoned
    }

    // MARK: Events

    /// Takes one line, without its LF.
    public mutating func received(_ line: Span<UInt8>, at now: Instant) -> MasterAction {
        guard state != .closed else { return .nothing }
        do throws(MasterCommandFault) {
            let command = try MasterCommand(parsing: line)
            guard state != .ready else { return perform(command, at: now) }
            guard command == .version else { throw .incompatibleVersion }
            state = .ready
            return .nothing
        } catch {
            return refused(state == .ready ? error : .incompatibleVersion)
        }
    }

    /// Ends the connection because a line is longer than ``ProtocolLimits/longestLine``.
    public mutating func receivedTooLongLine() -> MasterAction {
        close(LogLine(.error, "BUG: Master sent us more than \(ProtocolLimits.longestLine) bytes"))
    }

    /// Takes the answer to a question; one that nobody waits for is ignored.
    public mutating func answered(_ ticket: MasterTicket, _ answer: MasterAnswer, at now: Instant) -> MasterAction {
        guard let lookup = lookups[ticket] else { return .nothing }
        if case (.names(let mask), .names(let names)) = (lookup.subject, answer) {
            return .reply(.names(id: lookup.id, mask.admitsEverybody ? names : names.filter { mask.admits($0) }))
        }
        lookups[ticket] = nil
        switch (lookup.subject, answer) {
        case (.user, .user(let verdict)):
            return .reply(reply(lookup.id, verdict, of: nil))
        case (.login(let login), .user(let verdict)):
            return .reply(reply(lookup.id, verdict, of: login))
        case (.password, .password(let record)):
            return .reply(reply(lookup.id, record))
        case (.names, .namesEnd(let hasFailed)):
            return .reply(.listEnd(id: lookup.id, hasFailed: hasFailed))
        case (.claim(let claim), .claim(let outcome)):
            return taken(claim, outcome, at: now)
        case (.flush(let id), .flushed(let count)):
            return .reply(.flushed(id: id, count: count))
        default:
            note(.error, "an answer doesn't belong to its question")
            return .reply(.failure(id: lookup.id))
        }
    }

    /// Does one thing whose time has come; to be called until it returns nil, and again at ``nextDeadline``.
    public mutating func deadlinePassed(at now: Instant) -> MasterAction? {
        if case .awaitingVersion(let limit) = state {
            guard limit <= now else { return nil }
            return close(LogLine(.warning, "Master said no VERSION within \(settings.handshakeTimeout), disconnecting"))
        }
        guard let late = lookups.first(where: { $0.value.deadline.map { $0 <= now } ?? false }) else { return nil }
        lookups[late.key] = nil
        abandoned.append(late.key)
        note(.error, "lookup \(late.value.id) has no answer after \(settings.lookupDeadline)")
        return .reply(.failure(id: late.value.id))
    }

    /// The server is about to end: what is open is answered, then the owner closes (see ``isDrained``).
    public mutating func drain() {
        isDraining = true
    }

    /// The peer will say nothing more, but may still read what it is owed.
    public mutating func inputEnded() {
        drain()
    }

    /// The peer is gone: what it asked for is dropped.
    public mutating func peerClosed() {
        _ = end()
    }

    // MARK: Commands

    private mutating func perform(_ command: MasterCommand, at now: Instant) -> MasterAction {
        switch (command, settings.kind) {
        case (.user(let request), _):
            return lookUp(request, "userdb", at: now)
        case (.password(let request), _):
            return lookUpPassword(request, at: now)
        case (.list(let id, let mask), _):
            return list(id, NameMask(mask))
        case (.claim(let claim), .master):
            return take(claim, at: now)
        case (.flushCache(let id, let users), .master):
            return ask(Lookup(id: 0, subject: .flush(id: id), deadline: nil), .flushCaches(users))
        case (.claim, .userdb), (.flushCache, .userdb), (.version, _):
            return refused(.unknownCommand(command.word))
        }
    }

    private mutating func lookUp(_ request: LookupRequest, _ kind: String, at now: Instant) -> MasterAction {
        guard let query = query(request, kind) else { return .reply(.notFound(id: request.id)) }
        let lookup = Lookup(id: request.id, subject: .user, deadline: now + settings.lookupDeadline)
        return ask(lookup, .user(query, prefetched: nil))
    }

    private mutating func lookUpPassword(_ request: LookupRequest, at now: Instant) -> MasterAction {
        guard let query = query(request, "passdb") else { return .reply(.notFound(id: request.id)) }
        guard settings.restrictedUserID == nil else {
            note(.error, "Auth client doesn't have permissions to do a PASS lookup: \(restriction)")
            return .reply(.failure(id: request.id))
        }
        let lookup = Lookup(id: request.id, subject: .password, deadline: now + settings.lookupDeadline)
        return ask(lookup, .password(query))
    }

    private mutating func list(_ id: UInt32, _ mask: NameMask) -> MasterAction {
        let isListing = lookups.values.contains { if case .names = $0.subject { true } else { false } }
        guard !isListing else {
            note(.error, "Auth client is already iterating users")
            return .reply(.listEnd(id: id, hasFailed: true))
        }
        guard settings.restrictedUserID == nil else {
            note(.error, "Auth client doesn't have permissions to list users: \(restriction)")
            return .reply(.listEnd(id: id, hasFailed: true))
        }
        return ask(Lookup(id: id, subject: .names(mask), deadline: nil), .names)
    }

    private mutating func take(_ claim: LoginClaim, at now: Instant) -> MasterAction {
        if let session = claim.sessionProcessID, let peer = settings.peerProcessID, session != peer {
            note(
                .error,
                "Session pid \(session) provided by master for request \(claim.clientProcessID).\(claim.clientRequest) "
                    + "did not match peer credentials (pid=\(peer))")
            return .reply(.failure(id: claim.id))
        }
        let lookup = Lookup(id: claim.id, subject: .claim(claim), deadline: now + settings.lookupDeadline)
        return ask(lookup, .claim(claim))
    }

    private mutating func taken(
        _ claim: LoginClaim, _ outcome: LoginRegistry.ClaimOutcome, at now: Instant
    ) -> MasterAction {
        switch outcome {
        case .login(let login):
            let lookup = Lookup(id: claim.id, subject: .login(login), deadline: now + settings.lookupDeadline)
            return ask(lookup, .user(login.query, prefetched: login.userdbFields))
        case .unknownClient:
            note(.error, "Master requested auth for nonexistent client \(claim.clientProcessID)")
        case .wrongCookie:
            note(.error, "Master requested auth for client \(claim.clientProcessID) with invalid cookie")
        case .unknownLogin:
            note(.error, "Master request \(claim.clientProcessID).\(claim.clientRequest) not found")
        }
        return .reply(.failure(id: claim.id))
    }

    private mutating func query(_ request: LookupRequest, _ kind: String) -> UserQuery? {
        let own = settings.protocols[request.service]
        switch (own?.usernames ?? settings.usernames).normalise(request.user) {
        case .success(let name):
            var query = UserQuery(user: name.user, service: request.service)
            query.originalUser = name.originalUser
            query.localAddress = request.localAddress
            query.remoteAddress = request.remoteAddress
            query.localPort = request.localPort
            query.remotePort = request.remotePort
            query.sessionID = request.session
            query.realRemoteAddress = request.realRemoteAddress
            return query
        case .failure(let refusal):
            if own?.isVerbose ?? settings.isVerbose || request.isDebugged {
                let address = request.remoteAddress.map { "," + $0 } ?? ""
                log.append(LogLine(.info, "\(kind)(?\(address)): \(refusal.logText)"))
            }
            return nil
        }
    }

    private mutating func ask(_ lookup: Lookup, _ question: MasterQuestion) -> MasterAction {
        nextSerial += 1
        let ticket = MasterTicket(serial: nextSerial)
        lookups[ticket] = lookup
        return .ask(ticket, question)
    }

    // MARK: The end

    private mutating func refused(_ fault: MasterCommandFault) -> MasterAction {
        let socket = settings.kind == .userdb ? "userdb" : "master"
        let text =
            switch fault {
            case .incompatibleVersion: "Master not compatible with this server (mixed old and new binaries?)"
            case .unknownCommand("CPID"): "Authentication client trying to connect to \(socket) socket"
            case .unknownCommand(let word): "BUG: Unknown command in \(socket) socket: \(LogText.safe(word))"
            case .broken("CACHE-FLUSH"): "BUG: doveadm sent broken CACHE-FLUSH"
            case .broken(let word): "BUG: Master sent broken \(word)"
            case .missingService(let word): "BUG: Master sent \(word) request without service"
            }
        return close(LogLine(.error, text))
    }

    private mutating func close(_ line: LogLine) -> MasterAction {
        note(line.level, line.text)
        return end()
    }

    private mutating func end() -> MasterAction {
        state = .closed
        abandoned += lookups.keys
        lookups.removeAll()
        return .close
    }

    private var restriction: String {
        "the socket has mode=0666, but is not owned by UID \(settings.restrictedUserID ?? 0)"
    }

    mutating func note(_ level: LogLine.Level, _ text: String) {
        log.append(LogLine(level, "auth-master client: " + text))
    }
}
