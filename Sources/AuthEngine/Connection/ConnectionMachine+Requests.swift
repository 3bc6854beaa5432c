internal import AuthDatabases
internal import DovecotAuthProtocol
internal import SASLMechanisms
internal import Secrets

extension ConnectionMachine {
    // MARK: Messages of a client

    mutating func begin(
        _ request: AuthenticationRequest, _ response: consuming InitialResponse, at now: Instant
    ) -> ConnectionAction {
        if let open = requests[request.id] { return endDuplicate(open, request.id) }
        guard let offered = settings.mechanisms[request.mechanism] else {
            return refuse(
                request.id, "Unsupported authentication mechanism",
                log: "requested unsupported authentication mechanism \(LogText.safe(request.mechanism))")
        }
        let exchange = Exchange(request, offered.makeExchange(exchangeContext), at: now)
        switch consume response {
        case .malformed:
            return endMalformed(exchange, "Invalid base64 data in initial response")
        case .absent:
            insert(exchange)
            return drive(exchange, .begin, at: now)
        case .given(let message):
            insert(exchange)
            return drive(exchange, .beginWith(message), at: now)
        }
    }

    mutating func proceed(_ id: RequestID, _ response: consuming Secret?, at now: Instant) -> ConnectionAction {
        guard let exchange = requests[id] else {
            return .reply(.failure(id, .init(reason: "Authentication request timed out")))
        }
        switch exchange.state {
        case .delayed:
            // Its FAIL is on the way; Dovecot sends a second one.
            return .nothing
        case .checking:
            return end(exchange, .failure(id, .init(user: exchange.user, reason: "Unexpected continuation")))
        case .awaitingClient:
            exchange.heardAt = now
            guard let message = response.take() else {
                return endMalformed(exchange, "Invalid base64 data in continued response")
            }
            return drive(exchange, .response(message), at: now)
        }
    }

    /// Drops a request without a reply, as Dovecot does before protocol 1.4; a delayed FAIL still comes.
    mutating func cancel(_ id: RequestID) {
        guard let exchange = requests[id] else { return }
        if case .delayed = exchange.state { return }
        remove(exchange)
    }

    // MARK: Answers of the databases

    /// Takes the answer to a question that ``takeCheck()`` gave out; one that nobody waits for is ignored.
    public mutating func checked(_ ticket: CheckTicket, _ verdict: LoginVerdict, at now: Instant) -> ConnectionAction {
        guard let exchange = requests[ticket.id], case .checking(ticket.serial, _) = exchange.state else {
            return .nothing
        }
        for line in verdict.log { note(line) }
        switch verdict.outcome {
        case .temporaryFailure:
            return failTemporarily(exchange)
        case .success(let user, let fields):
            guard case .succeed = exchange.mechanism.step(.checked(isCorrect: true)) else {
                return endOutOfStep(exchange)
            }
            return succeed(exchange, user: user, fields: fields)
        case .failure(let code, let reason):
            guard case .fail = exchange.mechanism.step(.checked(isCorrect: false)) else {
                return endOutOfStep(exchange)
            }
            return fail(exchange, code: code, reason: reason, at: now)
        }
    }

    // MARK: Driving a mechanism

    private var exchangeContext: ExchangeContext {
        var generator = SystemRandomNumberGenerator()
        return ExchangeContext(
            randomness: ExchangeRandomness(using: &generator), unixTime: 0, hostName: "",
            decoys: DecoySecret(using: &generator))
    }

    private mutating func drive(
        _ exchange: Exchange, _ first: consuming MechanismInput, at now: Instant
    ) -> ConnectionAction {
        var input = first
        while true {
            switch exchange.mechanism.step(input) {
            case .challenge(let message):
                awaitClient(exchange, until: now + settings.exchangeTimeout)
                return .reply(.challenge(exchange.request.id, message))
            case .claim(let identity):
                guard accept(identity, for: exchange) else { return fail(exchange, at: now) }
                input = .claimAccepted
            case .check(let identity, let password):
                guard accept(identity, for: exchange) else { return fail(exchange, at: now) }
                return check(exchange, identity, password, at: now)
            case .fail(let failure):
                noteRefusal(exchange, failure.logText)
                return fail(exchange, at: now)
            default:
                // No mechanism may succeed without a check, and none that is offered asks for more.
                return endOutOfStep(exchange)
            }
        }
    }

    /// Whether the name is one that may log in; if so, the exchange has it from here on.
    private mutating func accept(_ identity: Identity, for exchange: Exchange) -> Bool {
        switch settings.usernames.normalise(identity.authenticationID) {
        case .success(let name):
            exchange.user = name.user
            exchange.originalUser = name.originalUser
            return true
        case .failure(let refusal):
            noteRefusal(exchange, refusal.logText)
            return false
        }
    }

    private mutating func check(
        _ exchange: Exchange, _ identity: Identity, _ password: consuming Secret, at now: Instant
    ) -> ConnectionAction {
        let request = exchange.request
        let deadline = exchange.heardAt + settings.requestDeadline
        let ticket = CheckTicket(id: request.id, serial: nextSerial)
        nextSerial += 1
        move(exchange, to: .checking(serial: ticket.serial, deadline: deadline))
        var query = UserQuery(user: exchange.user ?? "", service: request.service)
        query.originalUser = exchange.originalUser ?? query.user
        query.mechanism = request.mechanism
        query.localAddress = request.localAddress
        query.remoteAddress = request.remoteAddress
        query.localPort = request.localPort
        query.remotePort = request.remotePort
        query.sessionID = request.session
        return ask(
            PasswordCheck(
                ticket: ticket, query: query, password: password, authorizationUser: identity.authorizationID,
                deadline: deadline, isDebugged: request.flags.contains(.debug), log: LoginLog(request)))
    }

    func noteLine(_ exchange: Exchange, _ level: LogLine.Level, _ text: String) -> LogLine {
        LoginLog(exchange.request).line(level, source: exchange.request.mechanism, user: exchange.user, text)
    }

    /// What the mechanism or the name check found; passdbs have their own lines.
    private mutating func noteRefusal(_ exchange: Exchange, _ text: String) {
        guard settings.isVerbose || exchange.request.flags.contains(.debug) else { return }
        note(noteLine(exchange, .info, text))
    }

    private mutating func endMalformed(_ exchange: Exchange, _ text: String) -> ConnectionAction {
        noteRefusal(exchange, text)
        return end(
            exchange,
            .failure(exchange.request.id, .init(user: exchange.user, code: .invalidBase64, reason: text)))
    }

    private mutating func endOutOfStep(_ exchange: Exchange) -> ConnectionAction {
        note(noteLine(exchange, .error, MechanismFailure.outOfStep.logText))
        return failTemporarily(exchange)
    }
}
