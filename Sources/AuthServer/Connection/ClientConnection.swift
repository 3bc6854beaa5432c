internal import AuthDatabases
internal import AuthEngine
internal import DovecotAuthProtocol
internal import Logging

/// Drives one client's machine: lines in, replies out, timers and questions in between.
///
/// Everything that can be decided at once is decided in the turn in which it was asked.
final class ClientConnection: PeerConnection {
    private let service: LoginService
    private let listener: ServedListener
    private let number: UInt32
    private let cookie: ServerGreeting.Cookie
    private var machine: ConnectionMachine
    /// Whose rest has not been said yet.
    private var owesGreeting = false
    private var undecided: [CheckTicket: UndecidedLogin] = [:]
    private(set) var hasEnded = false
    /// The machine's since the last event: the loop asks more often, and each look at the machine is checked for
    /// exclusivity.
    private var standing: ConnectionMachine.Standing

    /// - Parameters:
    ///   - number: of this connection, for CUID.
    ///   - logins: for a login socket: where its logins wait.
    init(
        service: LoginService, listener: ServedListener, number: UInt32, logins: LoginRegistry? = nil, at now: Instant
    ) {
        cookie = service.drawCookie()
        self.service = service
        self.listener = listener
        self.number = number
        let cookie = cookie
        machine = ConnectionMachine(
            settings: listener.settings, seat: logins.map { LoginSeat(registry: $0, cookie: cookie) }, at: now)
        standing = machine.standing()
    }

    /// Neither requests that wait for an answer nor those who wait for their mail clients may pile up.
    var wantsInput: Bool { standing.wantsInput }
    var isDrained: Bool { standing.isDrained }
    var nextDeadline: Instant? { standing.nextDeadline }
    /// Verdicts come to where they were asked for. A login process is reached by others, too, and has little to ask.
    var mayMove: Bool { undecided.isEmpty && !listener.isForLogins }

    // MARK: Events

    func opened(_ turn: inout LoopTurn) {
        switch listener.greetingOrder {
        case .atConnect:
            listener.greeting.encode(connectionID: number, cookie: cookie, into: &turn.output)
        case .afterVersion:
            listener.greeting.encodeVersion(into: &turn.output)
            owesGreeting = true
        }
        if service.state.logging.isDebug { service.logger.debug("auth client connected (pid=0)") }
    }

    func received(_ bytes: Span<UInt8>, _ turn: inout LoopTurn) -> Int {
        let state = service.state
        return withMachine { take(bytes, &$0, state, &turn) }
    }

    /// Hands the machine down, so that one look at it in each turn has to be checked for exclusivity.
    private func withMachine<Result>(_ body: (inout ConnectionMachine) -> Result) -> Result {
        change(&machine, body)
    }

    private func change<Result>(
        _ machine: inout ConnectionMachine, _ body: (inout ConnectionMachine) -> Result
    ) -> Result {
        defer { standing = machine.standing() }
        return body(&machine)
    }

    private func take(
        _ bytes: Span<UInt8>, _ machine: inout ConnectionMachine, _ state: LoginService.State, _ turn: inout LoopTurn
    ) -> Int {
        // Bytes that begin with a CONT seldom have an AUTH behind it.
        let mayBeDirect = bytes.count > 0 && (bytes[0] != UInt8(ascii: "C") || machine.isInDialogue())
        let direct = mayBeDirect ? direct(state) : nil
        var taken = 0
        while !hasEnded, turn.hasRoom, machine.standing().wantsInput {
            let rest = bytes.extracting(taken..<bytes.count)
            guard let length = rest.lengthOfLine else {
                guard rest.count >= ProtocolLimits.longestLine else { break }
                perform(machine.receivedTooLongLine(), &machine, state, &turn)
                break
            }
            guard length < ProtocolLimits.longestLine else {
                perform(machine.receivedTooLongLine(), &machine, state, &turn)
                break
            }
            let line = rest.extracting(0..<length)
            if state.logging.isDebug {
                let text = WireLog.input(line, showingPasswords: state.logging.showsPasswords)
                service.logger.debug("\(text)")
            }
            if let direct, machine.allowsDirectLogins(),
                turn.directLogins.answer(
                    line, direct.names, direct.database, of: &machine, at: turn.now, into: &turn.output)
            {
                taken += length + 1
                continue
            }
            perform(machine.received(line, at: turn.now), &machine, state, &turn)
            taken += length + 1
        }
        return taken
    }

    /// What logins are compared with in which nothing is special; nil if each has to go through the machine.
    private func direct(_ state: LoginService.State) -> (names: DirectNames, database: any DirectPasswordDatabase)? {
        guard !state.logging.isDebug, let names = listener.settings.directNames,
            let database = state.authenticator.directDatabase
        else { return nil }
        return (names, database)
    }

    func inputEnded(_ turn: inout LoopTurn) {
        withMachine { machine in
            // The peer has said all that it will, but may still read what it is owed.
            machine.inputEnded()
            abandon(&machine)
        }
    }

    func deadlinePassed(_ turn: inout LoopTurn) {
        let state = service.state
        withMachine { machine in
            while !hasEnded, let action = machine.deadlinePassed(at: turn.now) { perform(action, &machine, state, &turn) }
        }
    }

    func drain(_ turn: inout LoopTurn) {
        withMachine { $0.drain() }
    }

    func closed(_ turn: inout LoopTurn) {
        hasEnded = true
        withMachine { machine in
            machine.peerClosed()
            writeLog(&machine)
            abandon(&machine)
        }
    }

    // MARK: Actions

    private func perform(
        _ first: consuming ConnectionAction, _ machine: inout ConnectionMachine, _ state: LoginService.State,
        _ turn: inout LoopTurn
    ) {
        var action = first
        while true {
            writeLog(&machine)
            abandon(&machine)
            switch action {
            case .nothing:
                return
            case .reply(let reply):
                write(reply, state, &turn)
                return
            case .greet(let minorVersion):
                guard owesGreeting else { return }
                owesGreeting = false
                listener.greeting(forMinorVersion: minorVersion).encodeRest(
                    connectionID: number, cookie: cookie, into: &turn.output)
                return
            case .close:
                hasEnded = true
                return
            case .check(let ticket):
                guard let check = machine.takeCheck() else { return }
                switch state.authenticator.decide(check) {
                case .now(let verdict):
                    action = machine.checked(ticket, verdict, at: turn.now)
                case .later(let login):
                    undecided[ticket] = login
                    decideLater(login, ticket, state.authenticator, turn.address)
                    return
                }
            }
        }
    }

    private func decideLater(
        _ login: UndecidedLogin, _ ticket: CheckTicket, _ authenticator: Authenticator, _ address: ConnectionAddress
    ) {
        login.resume { verdict in
            // Each answer wakes the loop, and that the client, and its next request the loop again: as much time as the
            // hashes behind it could have. Whoever waits for these waits for longer anyway.
            address.post(authenticator.hashesAreWaiting ? .soon : .atOnce) { connection, turn in
                // The address is that of a client's connection.
                (connection as? ClientConnection)?.decided(ticket, verdict, &turn)
            }
        }
    }

    private func decided(_ ticket: CheckTicket, _ verdict: LoginVerdict, _ turn: inout LoopTurn) {
        // Whatever was abandoned meanwhile has left the table.
        guard undecided.removeValue(forKey: ticket) != nil else { return }
        let state = service.state
        withMachine { perform($0.checked(ticket, verdict, at: turn.now), &$0, state, &turn) }
    }

    private func abandon(_ machine: inout ConnectionMachine) {
        for ticket in machine.takeAbandoned() { undecided.removeValue(forKey: ticket)?.cancel() }
    }

    private func writeLog(_ machine: inout ConnectionMachine) {
        for line in machine.takeLog() { service.logger.log(level: line.level.loggerLevel, "\(line.text)") }
    }

    private func write(_ reply: ServerReply, _ state: LoginService.State, _ turn: inout LoopTurn) {
        let start = turn.output.count
        let dropped = reply.encode(
            into: &turn.output, within: listener.isForLogins ? .loginProcesses : .mailServers)
        if !dropped.isEmpty {
            service.logger.warning(
                "auth client 0: reply \(reply.id) has more fields than clients can read, left out: \(dropped.joined(separator: ", "))"
            )
        }
        if state.logging.isDebug {
            let text = WireLog.output(turn.output.span.extracting(start..<turn.output.count - 1))
            service.logger.debug("\(text)")
        }
    }
}

extension LogLine.Level {
    var loggerLevel: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
