internal import AuthDatabases
internal import DovecotAuthProtocol
internal import Secrets

/// Login sockets: a login that succeeded waits there until a mail process takes it over by REQUEST.
extension ConnectionMachine {
    /// False if another login process has that number.
    mutating func takeSeat(as number: UInt64) -> Bool {
        guard let seat else { return true }
        guard let processID = UInt32(exactly: number), seat.registry.add(processID, cookie: seat.cookie) else {
            return false
        }
        self.seat?.processID = processID
        return true
    }

    mutating func leaveSeat() {
        guard let processID = seat?.processID else { return }
        seat?.registry.remove(processID)
        seat?.processID = nil
    }

    func isWaiting(_ id: RequestID) -> Bool {
        guard let seat, let processID = seat.processID else { return false }
        return seat.registry.isWaiting(id, of: processID)
    }

    /// A login that waits and is asked for something else is none any more.
    mutating func endWaiting(_ id: RequestID, _ reason: String) -> ConnectionAction {
        seat?.forget(id)
        return .reply(.failure(id, .init(reason: reason)))
    }

    /// Keeps a login for its mail process, or gives a proxy what it needs to log in itself.
    mutating func wait(
        _ exchange: Exchange, _ admission: Exchange.Admission, _ fields: inout [Parameter], at now: Instant
    ) {
        let isProxied = fields.contains { $0.name == "proxy" }
        if isProxied {
            let hasPassword = fields.contains { $0.name == "pass" }
            if !hasPassword, let password = exchange.password {
                // The reply's bytes are wiped when they have left; this text lives as long as the reply.
                let text = password.withSecret { $0.withBytes { String(decoding: $0.bytes, as: UTF8.self) } }
                fields.append(Parameter("pass", text))
            }
            if let master = admission.masterUser, !fields.contains(where: { $0.name == "master" }) {
                fields.append(Parameter("master", master))
            }
        }
        guard !isProxied, !fields.contains(where: { $0.name == "nologin" }), let processID = seat?.processID else { return }
        var query = query(of: exchange)
        query.user = admission.user
        query.loginUser = nil
        query.masterUser = admission.masterUser
        let limit = now + settings.exchangeTimeout
        let isAnonymous = admission.user == shared.anonymousUser(exchange.request.service)
        seat?.registry.keep(
            WaitingLogin(query: query, userdbFields: admission.userdbFields, isAnonymous: isAnonymous),
            exchange.request.id, of: processID, until: limit)
        if seat?.deadline == nil { seat?.deadline = limit }
    }

    /// Forgets the logins that no mail process has taken in Dovecot's time for that; false if there are none.
    mutating func expireWaiting(at now: Instant) -> Bool {
        guard let seat, let processID = seat.processID, let deadline = seat.deadline, deadline <= now else { return false }
        let (expired, next) = seat.registry.expire(of: processID, at: now)
        self.seat?.deadline = next
        for id in expired {
            note(
                LogLine(
                    .error,
                    "auth client \(processID): Request \(processID).\(id) timed out after \(settings.exchangeTimeout), "
                        + "waiting for REQUEST of a mail process"))
        }
        return true
    }
}

extension Span<UInt8> {
    fileprivate var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for index in indices { bytes.append(self[index]) }
        return bytes
    }
}
