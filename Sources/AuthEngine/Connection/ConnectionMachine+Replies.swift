internal import DovecotAuthProtocol
internal import SASLMechanisms

extension ConnectionMachine {
    /// - Parameter message: the mechanism's last message, if the client takes it inside of OK.
    mutating func succeed(
        _ exchange: Exchange, _ admission: Exchange.Admission, message: Parameter? = nil, at now: Instant
    ) -> ConnectionAction {
        var fields = admission.fields
        if let message { fields.append(message) }
        appendNames(of: exchange, admission.user, admission.masterUser, to: &fields)
        // Dovecot looks at the name, whatever the mechanism.
        if admission.user == shared.anonymousUser(exchange.request.service) { fields.append(Parameter("anonymous")) }
        if seat != nil { wait(exchange, admission, &fields, at: now) }
        let reply = ServerReply.success(exchange.request.id, user: admission.user, fields: fields)
        return tellSuccess(exchange, .reply(reply), heldBackFor: admission.heldBackFor ?? .zero, at: now)
    }

    /// The names that a login had before and beside the one that it ends with.
    private func appendNames(
        of exchange: Exchange, _ user: String?, _ masterUser: String?, to fields: inout [Parameter]
    ) {
        if let original = exchange.originalUser, let user, original != user,
            !fields.contains(where: { $0.name == "original_user" })
        {
            fields.append(Parameter("original_user", original))
        }
        if let masterUser, !fields.contains(where: { $0.name == "auth_user" }) {
            fields.append(Parameter("auth_user", masterUser))
        }
    }

    /// Tells that a login succeeded: at once, or when its address has waited long enough.
    ///
    /// - Parameter delay: for how long the user's entry wants it held back (`delay_until`).
    mutating func tellSuccess(
        _ exchange: Exchange, _ answer: Exchange.Answer, heldBackFor delay: Duration = .zero, at now: Instant
    ) -> ConnectionAction {
        // A login whose last challenge was told has waited.
        guard exchange.isSucceeding || recordSuccess(exchange, at: now) else {
            seat?.forget(exchange.request.id)
            return failTemporarily(exchange, at: now)
        }
        let due = max(delay > .zero ? now + delay : now, exchange.standing?.notBefore ?? now)
        guard due > now else { return tell(exchange, answer, at: now) }
        guard due <= exchange.heardAt + settings.requestDeadline else {
            note(
                noteLine(
                    exchange, .warning,
                    "delay_until is \(delay) ahead, and clients wait for \(settings.requestDeadline) "
                        + "(gatepost_request_deadline): login fails temporarily"))
            return failTemporarily(exchange, at: now)
        }
        return hold(exchange, answer, until: due)
    }

    /// Fails a request at a time that says nothing about the check, see ``FailureSchedule``.
    mutating func fail(
        _ exchange: Exchange, _ refusal: Exchange.Refusal = .init(), at now: Instant
    ) -> ConnectionAction {
        noteFailure(exchange)
        let user = refusal.targetUser ?? exchange.user
        var failure = ServerReply.Failure(
            user: user, code: refusal.code, reason: refusal.reason, fields: refusal.fields)
        appendNames(of: exchange, user, refusal.masterUser, to: &failure.fields)
        let reply = ServerReply.failure(exchange.request.id, failure)
        // `nodelay`: told at once, and not counted.
        guard !refusal.isUndelayed else { return end(exchange, reply) }
        // Whoever knows the password guesses nothing.
        let isAllowed = refusal.isOfRightPassword ? recordSuccess(exchange, at: now) : recordFailure(exchange, at: now)
        guard isAllowed else { return failTemporarily(exchange, at: now) }
        let due = schedule(exchange).refusal(
            heardAt: exchange.heardAt, notBefore: exchange.standing?.notBefore, now: now, chance: settings.chance())
        guard due > now else { return end(exchange, reply) }
        return hold(exchange, .reply(reply), until: due)
    }

    mutating func failTemporarily(_ exchange: Exchange, at now: Instant) -> ConnectionAction {
        let due = schedule(exchange).internalFailure(heardAt: exchange.heardAt, now: now, chance: settings.chance())
        guard due > now else { return tell(exchange, .temporaryFailure, at: now) }
        return hold(exchange, .temporaryFailure, until: due)
    }

    /// Has a request told later what was decided.
    private mutating func hold(
        _ exchange: Exchange, _ answer: Exchange.Answer, until due: Instant
    ) -> ConnectionAction {
        exchange.answer = answer
        move(exchange, to: .delayed(until: due))
        return .nothing
    }

    /// Tells a request what was decided, now.
    mutating func tell(_ exchange: Exchange, _ answer: Exchange.Answer, at now: Instant) -> ConnectionAction {
        switch answer {
        case .reply(let reply):
            return end(exchange, reply)
        case .lastChallenge(let reply):
            exchange.isSucceeding = true
            awaitClient(exchange, until: now + settings.exchangeTimeout)
            return .reply(reply)
        case .temporaryFailure:
            let closes =
                switch settings.temporaryFailure {
                case .close: true
                case .reply: false
                case .automatic: minorVersion == 0 && owedReplies <= 1
                }
            guard closes else {
                let user = exchange.refusal.targetUser ?? exchange.user
                var failure = ServerReply.Failure(
                    user: user, code: .temporaryFailure, fields: exchange.refusal.fields)
                appendNames(of: exchange, user, exchange.refusal.masterUser, to: &failure.fields)
                return end(exchange, .failure(exchange.request.id, failure))
            }
            remove(exchange)
            return close()
        }
    }

    func schedule(_ exchange: Exchange) -> FailureSchedule {
        FailureSchedule(
            delay: shared.failureDelay(exchange.request.service), internalDelay: settings.internalFailureDelay,
            deadline: settings.requestDeadline)
    }

    /// Fails a request that could not begin, or can't go on, and whose id is known; its neighbours live on.
    mutating func refuse(_ id: RequestID, _ reason: String, log: String? = nil) -> ConnectionAction {
        if let open = requests[id], open.isDecided { return .nothing }
        note(LogLine(.error, "BUG: Authentication client 0 " + (log ?? "sent a bad request \(id): \(reason)")))
        let reply = ServerReply.failure(id, .init(reason: reason))
        guard let open = requests[id] else { return .reply(reply) }
        return end(open, reply)
    }

    /// Two requests with one id end in one FAIL: never two replies for one id. Dovecot closes.
    mutating func endDuplicate(_ open: Exchange, _ id: RequestID) -> ConnectionAction {
        refuse(id, "Authentication request ID is in use", log: "sent a duplicate ID \(id)")
    }

    var minorVersion: UInt32 {
        if case .ready(let minor) = state { minor } else { 0 }
    }

    /// Whether the client can deliver what names its TLS connection.
    var canBind: Bool { minorVersion >= ProtocolVersion.channelBindingMinor }

    /// Whether this client was told of mechanisms with channel binding.
    var hasOfferedChannelBinding: Bool {
        canBind && settings.greeting == .afterVersion && settings.mechanisms.mechanisms.contains(where: \.bindsChannel)
    }

    // MARK: The table of requests

    mutating func insert(_ exchange: Exchange) {
        requests.insert(exchange)
    }

    mutating func end(_ exchange: Exchange, _ reply: ServerReply) -> ConnectionAction {
        remove(exchange)
        return .reply(reply)
    }

    mutating func remove(_ exchange: Exchange) {
        guard requests.remove(exchange.request.id) else { return }
        abandonCheck(of: exchange, exchange.request.id)
        if exchange.isOwedReply { owedReplies -= 1 }
        // What was answered at once needs no timer.
        if requests.isEmpty { earliestDeadline = nil }
    }

    mutating func move(_ exchange: Exchange, to state: Exchange.State) {
        if exchange.isOwedReply { owedReplies -= 1 }
        exchange.state = state
        if exchange.isOwedReply { owedReplies += 1 }
        earliestDeadline = min(earliestDeadline ?? exchange.deadline, exchange.deadline)
    }

    /// Waits for the mail client; when too many do, the oldest is given up: nobody may fill the server by abandoning.
    mutating func awaitClient(_ exchange: Exchange, until limit: Instant) {
        move(exchange, to: .awaitingClient(until: limit))
        guard requests.count - owedReplies > settings.maximumRequestsInFlight else { return }
        let waiting = requests.values.filter { !$0.isOwedReply && $0 !== exchange }
        if let oldest = waiting.min(by: { $0.heardAt < $1.heardAt }) { expire(oldest) }
    }

    mutating func expire(_ exchange: Exchange) {
        note(noteLine(exchange, .info, "Request timed out waiting for client to continue authentication"))
        remove(exchange)
    }
}

extension Exchange {
    /// Whether the outcome is on the way.
    var isDecided: Bool {
        if case .delayed = state { true } else { false }
    }

    /// Whether a FAIL is on the way.
    var isFailing: Bool {
        switch answer {
        case .reply(.failure), .temporaryFailure: true
        case .reply, .lastChallenge, nil: false
        }
    }

    var isOwedReply: Bool {
        switch state {
        case .awaitingClient: false
        case .checking, .delayed: true
        }
    }

    var deadline: Instant {
        switch state {
        case .awaitingClient(let limit): limit
        case .checking(let question): question.deadline
        case .delayed(let due): due
        }
    }
}
