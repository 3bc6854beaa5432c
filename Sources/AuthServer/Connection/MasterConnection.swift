internal import AuthEngine
internal import DovecotAuthProtocol
internal import Logging

/// Drives the machine of one peer on a userdb or master socket.
///
/// What can be looked up at once is answered in the turn in which it was asked.
final class MasterConnection: PeerConnection {
    private let service: LoginService
    private var machine: MasterConnectionMachine
    private var undecided: Set<MasterTicket> = []
    /// A LIST whose next names are to be asked for when there is room for them.
    private var listing: (ticket: MasterTicket, names: MasterListing)?
    private var awaitsNames = false
    private(set) var hasEnded = false

    init(service: LoginService, settings: MasterConnectionSettings, at now: Instant) {
        self.service = service
        machine = MasterConnectionMachine(settings: settings, at: now)
    }

    var wantsInput: Bool { machine.wantsInput }
    var isDrained: Bool { machine.isDrained }
    var nextDeadline: Instant? { machine.nextDeadline }

    // MARK: Events

    func opened(_ turn: inout LoopTurn) {
        MasterGreeting(serverProcessID: LoginService.processID).encode(into: &turn.output)
    }

    func received(_ bytes: Span<UInt8>, _ turn: inout LoopTurn) -> Int {
        let state = service.state
        var taken = 0
        while !hasEnded, turn.hasRoom, machine.wantsInput {
            let rest = bytes.extracting(taken..<bytes.count)
            let length = rest.lengthOfLine
            guard length ?? rest.count < ProtocolLimits.longestLine else {
                perform(machine.receivedTooLongLine(), state, &turn)
                break
            }
            guard let length else { break }
            let line = rest.extracting(0..<length)
            if state.logging.isDebug { service.logger.debug("\(WireLog.masterInput(line))") }
            perform(machine.received(line, at: turn.now), state, &turn)
            taken += length + 1
        }
        return taken
    }

    func inputEnded(_ turn: inout LoopTurn) {
        machine.inputEnded()
    }

    func deadlinePassed(_ turn: inout LoopTurn) {
        let state = service.state
        while !hasEnded, let action = machine.deadlinePassed(at: turn.now) { perform(action, state, &turn) }
        abandon()
    }

    func drain(_ turn: inout LoopTurn) {
        machine.drain()
    }

    func outputHasLeft(_ turn: borrowing LoopTurn) {
        guard let listing, !awaitsNames, !hasEnded else { return }
        awaitsNames = true
        let address = turn.address
        service.state.desk.next(of: listing.names) { report in
            address.post { connection, turn in
                // The address is that of a master's connection.
                (connection as? MasterConnection)?.listed(report, &turn)
            }
        }
    }

    func closed(_ turn: inout LoopTurn) {
        hasEnded = true
        machine.peerClosed()
        writeLog()
        abandon()
    }

    // MARK: Actions

    private func perform(_ first: MasterAction, _ state: LoginService.State, _ turn: inout LoopTurn) {
        var action = first
        while true {
            if machine.hasLog { writeLog() }
            switch action {
            case .nothing:
                return
            case .reply(let reply):
                write(reply, state, &turn)
                return
            case .close:
                hasEnded = true
                return
            case .ask(let ticket, .names):
                // The first names come when what was said before has left, like all others.
                listing = (ticket, state.desk.listing())
                awaitsNames = false
                return
            case .ask(let ticket, let question):
                guard let report = state.desk.immediateReport(question) else {
                    return decideLater(question, ticket, state, turn.address)
                }
                write(report.log)
                action = machine.answered(ticket, report.answer, at: turn.now)
            }
        }
    }

    private func decideLater(
        _ question: MasterQuestion, _ ticket: MasterTicket, _ state: LoginService.State, _ address: ConnectionAddress
    ) {
        undecided.insert(ticket)
        state.desk.report(question) { report in
            address.post { connection, turn in
                // As above.
                (connection as? MasterConnection)?.decided(ticket, report, &turn)
            }
        }
    }

    private func decided(_ ticket: MasterTicket, _ report: MasterDesk.Report, _ turn: inout LoopTurn) {
        write(report.log)
        guard undecided.remove(ticket) != nil else { return }
        perform(machine.answered(ticket, report.answer, at: turn.now), service.state, &turn)
    }

    private func listed(_ report: MasterDesk.Report, _ turn: inout LoopTurn) {
        write(report.log)
        guard let ticket = listing?.ticket else { return }
        awaitsNames = false
        if case .namesEnd = report.answer { listing = nil }
        perform(machine.answered(ticket, report.answer, at: turn.now), service.state, &turn)
    }

    private func abandon() {
        for ticket in machine.takeAbandoned() {
            undecided.remove(ticket)
            if listing?.ticket == ticket { listing = nil }
        }
    }

    private func writeLog() {
        write(machine.takeLog())
    }

    private func write(_ lines: [LogLine]) {
        for line in lines { service.logger.log(level: line.level.loggerLevel, "\(line.text)") }
    }

    private func write(_ reply: MasterReply, _ state: LoginService.State, _ turn: inout LoopTurn) {
        let start = turn.output.count
        reply.encode(into: &turn.output)
        guard state.logging.isDebug, turn.output.count > start else { return }
        service.logger.debug("\(WireLog.masterOutput(turn.output.span.extracting(start..<turn.output.count - 1)))")
    }
}
