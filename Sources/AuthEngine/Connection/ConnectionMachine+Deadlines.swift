internal import DovecotAuthProtocol

extension ConnectionMachine {
    /// Does one thing whose time has come; to be called until it returns nil, and again at ``nextDeadline``.
    public mutating func deadlinePassed(at now: Instant) -> ConnectionAction? {
        switch state {
        case .closed:
            return nil
        case .awaitingVersion(let limit) where limit <= now, .awaitingProcessID(_, let limit) where limit <= now:
            return close(.handshakeTimeout(settings.handshakeTimeout))
        case .awaitingVersion(let limit), .awaitingProcessID(_, let limit):
            earliestDeadline = limit
            return nil
        case .ready:
            if expireWaiting(at: now) { return .nothing }
        }
        guard let earliest = earliestDeadline, earliest <= now else { return nil }
        if let limit = dialogueDeadline() {
            guard limit <= now else {
                earliestDeadline = limit
                return nil
            }
            hearDialogue()
        }
        // In order of time, so that failures are told in the order of their requests.
        guard let next = requests.values.min(by: { $0.deadline < $1.deadline }) else {
            earliestDeadline = nil
            return nil
        }
        guard next.deadline <= now else {
            earliestDeadline = next.deadline
            return nil
        }
        switch next.state {
        case .delayed:
            return tell(next, next.answer.take() ?? .temporaryFailure, at: now)
        case .awaitingClient:
            expire(next)
            return .nothing
        case .checking:
            note(
                noteLine(
                    next, .error,
                    "Request \(next.request.id) timed out after \(settings.requestDeadline), state=checking password"))
            return tell(next, .temporaryFailure, at: now)
        }
    }

    /// The server is about to end: requests that are open are answered, then the owner closes (see ``isDrained``).
    public mutating func drain() {
        isDraining = true
    }

    /// The peer will say nothing more, but may still read: what waits for it is dropped, what it is owed is sent.
    public mutating func inputEnded() {
        drain()
        dialogue = nil
        for exchange in requests.values where !exchange.isOwedReply { remove(exchange) }
    }

    /// The peer is gone: what it asked for is dropped.
    public mutating func peerClosed() {
        guard state != .closed else { return }
        let owed = requests.values.count { exchange in
            if case .checking = exchange.state { true } else { false }
        }
        if owed > 0 {
            note(LogLine(.info, "auth client 0 disconnected with \(owed) pending requests: EOF"))
        }
        _ = close()
    }
}
