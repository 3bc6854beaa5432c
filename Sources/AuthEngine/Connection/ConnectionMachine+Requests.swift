internal import AuthDatabases
internal import DovecotAuthProtocol
internal import Encodings
internal import SASLMechanisms
internal import Secrets

extension ConnectionMachine {
    // MARK: Messages of a client

    mutating func begin(
        _ request: consuming AuthenticationRequest, _ response: consuming InitialResponse, at now: Instant
    ) -> ConnectionAction {
        if let open = requests[request.id] { return endDuplicate(open, request.id) }
        if isWaiting(request.id) { return endWaiting(request.id, "Authentication request ID is in use") }
        guard let offered = settings.mechanisms[request.mechanism], canBind || !offered.bindsChannel else {
            return refuse(
                request.id, "Unsupported authentication mechanism",
                log: "requested unsupported authentication mechanism \(LogText.safe(request.mechanism))")
        }
        let (service, certificateUsername) = (request.service, request.certificateUsername)
        let mechanism = offered.makeExchange(context(service, certificateUsername))
        let exchange = Exchange(consume request, mechanism, at: now)
        if let reason = certificateFault(exchange.request) {
            noteRefusal(exchange, reason)
            noteFailure(exchange)
            return .reply(.failure(exchange.request.id, .init(reason: reason)))
        }
        switch consume response {
        case .malformed:
            return endMalformed(exchange, "Invalid base64 data in initial response", at: now)
        case .absent:
            insert(exchange)
            return drive(exchange, .begin, at: now)
        case .given(let message):
            insert(exchange)
            if let refusal = admit(exchange, at: now) { return refusal }
            return drive(exchange, .beginWith(message), at: now)
        }
    }

    mutating func proceed(
        _ id: RequestID, _ response: consuming Secret?, _ channelBinding: [UInt8]?, at now: Instant
    ) -> ConnectionAction {
        guard let exchange = requests[id] else {
            if isWaiting(id) { return endWaiting(id, "Unexpected continuation") }
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
                return endMalformed(exchange, "Invalid base64 data in continued response", at: now)
            }
            if exchange.isSucceeding { return conclude(exchange, response: message, at: now) }
            if let refusal = admit(exchange, at: now) { return refusal }
            guard exchange.awaitsChannelBinding else { return take(message, of: exchange, at: now) }
            exchange.awaitsChannelBinding = false
            // One that brings none gets its failure from the mechanism.
            return drive(
                exchange, .responseWithChannelBinding(message, bindingData: channelBinding ?? []), at: now)
        }
    }

    /// Gives the mechanism a message that nothing stands in the way of.
    mutating func take(_ message: consuming Secret, of exchange: Exchange, at now: Instant) -> ConnectionAction {
        exchange.heardAt = now
        return drive(exchange, .response(message), at: now)
    }

    /// Drops a request, and before protocol 1.4 without a reply, as Dovecot does; there a delayed FAIL still comes.
    mutating func cancel(_ id: RequestID) -> ConnectionAction {
        seat?.forget(id)
        let isAnswered = minorVersion >= ProtocolVersion.cancelledMinor
        if let exchange = requests[id] {
            // Dovecot 2.4 sends the FAIL after CANCELLED: two last replies for one id.
            if isAnswered || !exchange.isFailing { remove(exchange) }
        }
        return isAnswered ? .reply(.cancelled(id)) : .nothing
    }

    // MARK: Answers of the databases

    /// Takes the answer to a question that ``takeCheck()`` gave out; one that nobody waits for is ignored.
    public mutating func checked(_ ticket: CheckTicket, _ verdict: LoginVerdict, at now: Instant) -> ConnectionAction {
        guard let exchange = requests[ticket.id], case .checking(let question) = exchange.state,
            question.serial == ticket.serial
        else { return .nothing }
        exchange.answered = ticket.serial
        for line in verdict.log { note(line, of: exchange) }
        // Who has yet to prove a password learns nothing of what the databases say.
        let isProven = question.subject != .credential
        switch verdict.outcome {
        case .temporaryFailure:
            exchange.refusal = isProven ? .init(verdict) : .unproven(exchange.request, verdict)
            return failTemporarily(exchange, at: now)
        case .success(let user):
            exchange.admission = .init(
                user: user, masterUser: verdict.masterUser, fields: verdict.fields,
                userdbFields: verdict.userdbFields, heldBackFor: verdict.heldBackFor)
            exchange.refusal = .unproven(exchange.request, verdict)
        case .failure(let code, let reason):
            exchange.refusal =
                isProven ? .init(verdict, code: code, reason: reason) : .unproven(exchange.request, verdict)
        }
        switch question.subject {
        case .password:
            return drive(exchange, .checked(isCorrect: exchange.admission != nil), at: now)
        case .credential:
            // Without an admission the mechanism goes on with a decoy, and can only fail.
            let credential = exchange.admission == nil ? nil : verdict.credential
            return drive(exchange, .fetched(credential, user: exchange.user ?? ""), at: now)
        case .token:
            guard let admission = exchange.admission else {
                return drive(exchange, .validated(.invalid(verdict.tokenRefusal ?? .init(.invalidToken))), at: now)
            }
            return drive(exchange, .validated(.valid(user: admission.user)), at: now)
        }
    }

    /// What is wrong with the client's certificate, in Dovecot's words.
    private func certificateFault(_ request: AuthenticationRequest) -> String? {
        guard shared.requiresClientCertificate(request.service) else { return nil }
        guard request.flags.contains(.validClientCertificate) else {
            return "Client didn't present valid SSL certificate"
        }
        guard shared.takesCertificateName(request.service), request.certificateUsername == nil else { return nil }
        return "SSL certificate didn't contain username"
    }

    // MARK: Driving a mechanism

    private func context(_ service: String, _ certificateUsername: String?) -> ExchangeContext {
        var context = settings.exchangeContext()
        context.offersChannelBinding = hasOfferedChannelBinding
        if let own = shared.own(service) { context.realms = own.realms }
        if shared.takesCertificateName(service) { context.certificateUser = certificateUsername }
        return context
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
            case .challengeWithChannelBinding(let message, let type):
                guard canBind else { return endOutOfStep(exchange, at: now) }
                exchange.awaitsChannelBinding = true
                awaitClient(exchange, until: now + settings.exchangeTimeout)
                return .reply(.bindingChallenge(exchange.request.id, message, type: type.rawValue))
            case .claim(let identity):
                guard accept(identity, for: exchange) else { return fail(exchange, at: now) }
                input = .claimAccepted
            case .check(let identity, let password):
                guard accept(identity, for: exchange) else { return fail(exchange, at: now) }
                if seat != nil { exchange.password = SharedSecret(password.withBytes { Secret(copying: $0) }) }
                remember(password, of: exchange)
                return ask(exchange, .password(password))
            case .fetch(let identity, let kind):
                guard accept(identity, for: exchange) else { return fail(exchange, at: now) }
                return ask(exchange, .credential(kind))
            case .validate(let token):
                let identity = Identity(authenticationID: token.user)
                guard accept(identity, for: exchange) else { return fail(exchange, at: now) }
                return ask(exchange, .token(SharedSecret(token.takeToken())))
            case .admitAnonymous(let trace):
                admitAnonymous(exchange, trace)
                input = .checked(isCorrect: exchange.admission != nil)
            case .succeed(let message):
                return conclude(exchange, message, at: now)
            case .fail(let failure):
                // A wrong password was logged by the database, but for one that only the mechanism can see.
                if failure != .wrongPassword || exchange.admission != nil { noteRefusal(exchange, failure.logText) }
                return fail(exchange, exchange.refusal, at: now)
            }
        }
    }

    /// The mechanism is content; the client may have to take one more message before it is told.
    private mutating func conclude(
        _ exchange: Exchange, _ message: [UInt8]?, at now: Instant
    ) -> ConnectionAction {
        // No mechanism may succeed without somebody to log in.
        guard let admission = exchange.admission.take() else { return endOutOfStep(exchange, at: now) }
        if settings.refusesNoLogin, let refusal = admission.noLogin {
            noteRefusal(exchange, "nologin: " + (refusal.reason ?? "the user may not log in"))
            return fail(exchange, refusal, at: now)
        }
        guard let message else { return succeed(exchange, admission, at: now) }
        if exchange.request.flags.contains(.finalResponseOK) {
            let response = Parameter("resp", String(decoding: Base64.encode(message.span), as: UTF8.self))
            return succeed(exchange, admission, message: response, at: now)
        }
        exchange.admission = admission
        // This message proves to the client that its password is right, so it is told no sooner than OK.
        return tellSuccess(exchange, .lastChallenge(.challenge(exchange.request.id, message)), at: now)
    }

    /// The client's answer to a mechanism's last message, which has to be of no bytes (RFC 4422 section 3.6).
    private mutating func conclude(
        _ exchange: Exchange, response: borrowing Secret, at now: Instant
    ) -> ConnectionAction {
        guard response.isEmpty, let admission = exchange.admission.take() else {
            noteRefusal(exchange, MechanismFailure.invalidInput.logText)
            return fail(exchange, at: now)
        }
        return succeed(exchange, admission, at: now)
    }

    private mutating func admitAnonymous(_ exchange: Exchange, _ trace: String) {
        guard let user = shared.anonymousUser(exchange.request.service) else {
            return noteRefusal(exchange, "Anonymous logins are not allowed (auth_anonymous_username is empty)")
        }
        exchange.user = user
        exchange.originalUser = user
        exchange.admission = .init(user: user)
        noteRefusal(exchange, "Anonymous login: \(LogText.safe(trace))")
    }

    /// Whether the name is one that may log in; if so, the exchange has it from here on.
    private mutating func accept(_ identity: Identity, for exchange: Exchange) -> Bool {
        // Dovecot looks at the certificate's name whatever the mechanism.
        let takesName = shared.takesCertificateName(exchange.request.service)
        let certificateName = takesName ? exchange.request.certificateUsername : nil
        let names: LoginNames
        if let own = shared.own(exchange.request.service) {
            names = own.usernames.login(
                identity.authenticationID, authorizationID: identity.authorizationID, certificateName: certificateName,
                hasMasters: own.hasMasters
            ) { query(of: exchange) }
        } else {
            names = settings.usernames.login(
                identity.authenticationID, authorizationID: identity.authorizationID, certificateName: certificateName,
                hasMasters: settings.hasMasters
            ) { query(of: exchange) }
        }
        exchange.user = names.user
        exchange.originalUser = names.originalUser
        exchange.loginUser = names.loginUser
        guard let refusal = names.refusal else { return true }
        // Dovecot says this of an authzid only.
        noteRefusal(exchange, (names.isAuthorizationIDRefused ? "login user: " : "") + refusal.logText)
        return false
    }

    private mutating func ask(
        _ exchange: Exchange, _ subject: consuming LoginCheck.Subject
    ) -> ConnectionAction {
        let request = exchange.request
        let deadline = exchange.heardAt + settings.requestDeadline
        let ticket = CheckTicket(id: request.id, serial: nextSerial)
        nextSerial += 1
        let question = Exchange.Question(serial: ticket.serial, subject: .init(subject), deadline: deadline)
        move(exchange, to: .checking(question))
        return ask(
            LoginCheck(
                ticket: ticket, query: query(of: exchange), subject: subject, deadline: deadline,
                isDebugged: request.flags.contains(.debug), log: LoginLog(request)))
    }

    /// What databases are asked of a login.
    func query(of exchange: Exchange) -> UserQuery {
        let request = exchange.request
        let user = exchange.user ?? ""
        return UserQuery(
            user: user, originalUser: exchange.originalUser ?? user, service: request.service,
            mechanism: request.mechanism, localAddress: request.localAddress, remoteAddress: request.remoteAddress,
            localPort: request.localPort, remotePort: request.remotePort, sessionID: request.session,
            realRemoteAddress: request.realRemoteAddress, realLocalAddress: request.realLocalAddress,
            realLocalPort: request.realLocalPort, realRemotePort: request.realRemotePort, localName: request.localName,
            clientID: request.clientID,
            security: request.flags.contains(.tls) ? .tls : request.flags.contains(.secured) ? .secured : .none,
            hasValidClientCertificate: request.flags.contains(.validClientCertificate), loginUser: exchange.loginUser,
            forwardedFields: request.forwardFields.map(ForwardedFields.parse) ?? [])
    }

    func noteLine(_ exchange: Exchange, _ level: LogLine.Level, _ text: String) -> LogLine {
        LoginLog(exchange.request).line(level, source: exchange.request.mechanism, user: exchange.user, text)
    }

    /// What the mechanism or the name check found; passdbs have their own lines.
    mutating func noteRefusal(_ exchange: Exchange, _ text: String) {
        guard isVerbose(exchange) else { return }
        note(noteLine(exchange, .info, text), of: exchange)
    }

    private mutating func note(_ line: LogLine, of exchange: Exchange) {
        if LoginLog.isFailure(line) { exchange.isLoggedAsFailure = true }
        note(line)
    }

    /// Sees to it that the log has one line for a failed login that programs which read it understand.
    mutating func noteFailure(_ exchange: Exchange) {
        guard isVerbose(exchange), !exchange.isLoggedAsFailure else { return }
        if let line = LoginLog(exchange.request).failure(user: exchange.user) { note(line) }
    }

    private func isVerbose(_ exchange: Exchange) -> Bool {
        shared.isVerbose(exchange.request.service) || exchange.request.flags.contains(.debug)
    }

    /// Told at once, as in Dovecot, since it says nothing about a password; but it counts, since it costs nothing.
    private mutating func endMalformed(_ exchange: Exchange, _ text: String, at now: Instant) -> ConnectionAction {
        noteRefusal(exchange, text)
        noteFailure(exchange)
        if let address = penalisedAddress(exchange) {
            settings.penalties?.failed(
                address, guess: nil, since: exchange.standing?.points ?? 0, decidedAt: now, now: now)
        }
        // Without a name, even if one is known by now: as in Dovecot.
        return end(exchange, .failure(exchange.request.id, .init(code: .invalidBase64, reason: text)))
    }

    private mutating func endOutOfStep(_ exchange: Exchange, at now: Instant) -> ConnectionAction {
        note(noteLine(exchange, .error, MechanismFailure.outOfStep.logText))
        return failTemporarily(exchange, at: now)
    }
}
