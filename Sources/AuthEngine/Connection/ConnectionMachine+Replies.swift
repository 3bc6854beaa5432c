internal import DovecotAuthProtocol

extension ConnectionMachine {
    mutating func succeed(
        _ exchange: Exchange, user: String, fields: [Parameter]
    ) -> ConnectionAction {
        var fields = fields
        if let original = exchange.originalUser, original != user {
            fields.append(Parameter("original_user", original))
        }
        return end(exchange, .success(exchange.request.id, user: user, fields: fields))
    }

    /// Fails a request at the earliest ``ConnectionSettings/failureDelay`` after the client's message, however long the
    /// check took: the time says nothing about the hash.
    mutating func fail(
        _ exchange: Exchange, code: ServerReply.Code? = nil, reason: String? = nil, at now: Instant
    ) -> ConnectionAction {
        var failure = ServerReply.Failure(user: exchange.user, code: code, reason: reason)
        if let user = exchange.user, let original = exchange.originalUser, original != user {
            failure.fields.append(Parameter("original_user", original))
        }
        let reply = ServerReply.failure(exchange.request.id, failure)
        let due = exchange.heardAt + settings.failureDelay
        guard due > now else { return end(exchange, reply) }
        move(exchange, to: .delayed(reply, due: due))
        return .nothing
    }

    mutating func failTemporarily(_ exchange: Exchange) -> ConnectionAction {
        let closes =
            switch settings.temporaryFailure {
            case .close: true
            case .reply: false
            case .automatic: minorVersion == 0 && owedReplies <= 1
            }
        guard !closes else {
            remove(exchange)
            return close()
        }
        return end(
            exchange, .failure(exchange.request.id, .init(user: exchange.user, code: .temporaryFailure)))
    }

    /// Fails a request that could not begin, or can't go on, and whose id is known; its neighbours live on.
    mutating func refuse(_ id: RequestID, _ reason: String, log: String? = nil) -> ConnectionAction {
        if let open = requests[id], case .delayed = open.state { return .nothing }
        note(LogLine(.error, "BUG: Authentication client 0 " + (log ?? "sent a bad request \(id): \(reason)")))
        let reply = ServerReply.failure(id, .init(reason: reason))
        guard let open = requests[id] else { return .reply(reply) }
        return end(open, reply)
    }

    /// Two requests with one id end in one FAIL: never two replies for one id. Dovecot closes.
    mutating func endDuplicate(_ open: Exchange, _ id: RequestID) -> ConnectionAction {
        refuse(id, "Authentication request ID is in use", log: "sent a duplicate ID \(id)")
    }

    private var minorVersion: UInt32 {
        if case .ready(let minor) = state { minor } else { 0 }
    }

    // MARK: The table of requests

    mutating func insert(_ exchange: Exchange) {
        requests[exchange.request.id] = exchange
    }

    mutating func end(_ exchange: Exchange, _ reply: ServerReply) -> ConnectionAction {
        remove(exchange)
        return .reply(reply)
    }

    mutating func remove(_ exchange: Exchange) {
        guard requests.removeValue(forKey: exchange.request.id) != nil else { return }
        abandonCheck(of: exchange, exchange.request.id)
        if exchange.isOwedReply { owedReplies -= 1 }
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
        case .delayed(_, let due): due
        }
    }
}
