internal import DovecotAuthProtocol

/// The client's side of one connection, from the greeting to the end; knows nothing of sockets, clocks or passwords.
///
/// It is in the handshake until DONE, then open, and closed for good after any ``ConnectionFault``. A closed machine
/// answers every event with "nothing to do" or with the fault that closed it.
struct ClientConnectionMachine {
    private enum State {
        case handshake(Greeting)
        case open(Requests)
        case closed(ConnectionFault)
    }

    /// As far as the greeting has come.
    private struct Greeting {
        var version: ProtocolVersion?
        var mechanisms: [ServerGreeting.Mechanism] = []
        var processID: UInt64?
        var connectionID: UInt64?
        var cookie: String?
    }

    private struct Requests {
        var inFlight: Set<RequestID> = []
        var lastID: UInt32 = 0
    }

    private var state = State.handshake(Greeting())

    // MARK: A line of the server

    enum OnLine: Equatable {
        case ignore
        /// The handshake is over: requests may begin.
        case ready(ServerDescription)
        /// Hand the message to the request's mechanism, then answer it.
        case challenge(RequestID, [UInt8])
        /// The same, and the answer has to bring what names this side's TLS connection by this type.
        case bindingChallenge(RequestID, [UInt8], type: String)
        /// The request is over.
        case finish(RequestID, AuthenticationOutcome)
        /// The request is over, but its OK names nobody: no verdict can be built on that.
        case namelessSuccess(RequestID)
        /// Close the connection; these requests end with its fault.
        case fail(ConnectionFault, [RequestID])
    }

    mutating func received(_ line: Span<UInt8>) -> OnLine {
        switch state {
        case .closed: return .ignore
        case .handshake(let greeting): return receivedInHandshake(line, greeting)
        case .open(let requests): return receivedReply(line, requests)
        }
    }

    private mutating func receivedInHandshake(_ line: Span<UInt8>, _ greeting: Greeting) -> OnLine {
        var greeting = greeting
        let parsed: ServerLine
        do throws(ServerLine.Fault) {
            parsed = try ServerLine(parsing: line)
        } catch {
            return fail(.brokenGreeting(word: error.word))
        }
        guard greeting.version != nil else {
            guard case .version(let version) = parsed else {
                return fail(.notAnAuthServer(firstWord: Self.visible(line)))
            }
            guard version.major == 1 else { return fail(.incompatibleVersion(major: version.major)) }
            greeting.version = version
            state = .handshake(greeting)
            return .ignore
        }
        switch parsed {
        case .mechanism(let mechanism): greeting.mechanisms.append(mechanism)
        case .serverProcessID(let number):
            // Master and userdb sockets greet with VERSION and SPID; Postfix and Exim tell them by this as well.
            guard !greeting.mechanisms.isEmpty else { return fail(.masterSocket) }
            greeting.processID = number
        case .connectionID(let number): greeting.connectionID = number
        case .cookie(let cookie): greeting.cookie = cookie
        case .done:
            guard let version = greeting.version, !greeting.mechanisms.isEmpty else { return fail(.noMechanisms) }
            state = .open(Requests())
            return .ready(
                ServerDescription(
                    version: version, mechanisms: greeting.mechanisms, processID: greeting.processID,
                    connectionID: greeting.connectionID, cookie: greeting.cookie))
        case .reply(let reply): return fail(.unexpectedLine(word: reply.word))
        // Later versions may say more.
        case .version, .unknown: break
        }
        state = .handshake(greeting)
        return .ignore
    }

    private mutating func receivedReply(_ line: Span<UInt8>, _ requests: Requests) -> OnLine {
        var requests = requests
        let reply: ServerReply
        do throws(ServerLine.Fault) {
            switch try ServerLine(parsing: line) {
            case .reply(let parsed): reply = parsed
            case .unknown(let word): return fail(.unexpectedLine(word: word))
            case .version: return fail(.unexpectedLine(word: "VERSION"))
            case .mechanism: return fail(.unexpectedLine(word: "MECH"))
            case .serverProcessID: return fail(.unexpectedLine(word: "SPID"))
            case .connectionID: return fail(.unexpectedLine(word: "CUID"))
            case .cookie: return fail(.unexpectedLine(word: "COOKIE"))
            case .done: return fail(.unexpectedLine(word: "DONE"))
            }
        } catch {
            guard case .missingUser(let id) = error else { return fail(.brokenReply(word: error.word)) }
            guard requests.inFlight.remove(id) != nil else { return .ignore }
            state = .open(requests)
            return .namelessSuccess(id)
        }
        // A request that was cancelled or timed out here may still be answered: Dovecot's delayed FAIL is.
        guard requests.inFlight.contains(reply.id) else { return .ignore }
        switch reply {
        case .challenge(let id, let message): return .challenge(id, message)
        case .bindingChallenge(let id, let message, let type): return .bindingChallenge(id, message, type: type)
        // Only what is still in flight here could be meant, and that was not cancelled.
        case .cancelled: return .ignore
        case .success(let id, let user, let fields):
            requests.inFlight.remove(id)
            state = .open(requests)
            return .finish(id, .success(user: user, fields: fields))
        case .failure(let id, let failure):
            requests.inFlight.remove(id)
            state = .open(requests)
            return .finish(id, .failure(failure))
        }
    }

    // MARK: Requests

    enum OnBegin: Equatable {
        /// Send the AUTH with this id.
        case send(RequestID)
        case refuse(ConnectionFault)
    }

    /// Somebody wants to log in.
    mutating func begin() -> OnBegin {
        switch state {
        // The client is handed out only when it is open; a request can't come earlier.
        case .handshake: return .refuse(.closed)
        case .closed(let fault): return .refuse(fault)
        case .open(var requests):
            repeat {
                // Ids are 1 to 2^32 - 1 and may come again once their request is over.
                requests.lastID = requests.lastID == .max ? 1 : requests.lastID + 1
            } while requests.inFlight.contains(RequestID(requests.lastID))
            requests.inFlight.insert(RequestID(requests.lastID))
            state = .open(requests)
            return .send(RequestID(requests.lastID))
        }
    }

    enum OnAbandon: Equatable {
        /// Tell the server that nobody waits any more.
        case sendCancel
        case ignore
    }

    /// A request's owner no longer waits, or its time is up, or its mechanism gave up.
    mutating func abandoned(_ id: RequestID) -> OnAbandon {
        switch state {
        case .handshake, .closed: return .ignore
        case .open(var requests):
            guard requests.inFlight.remove(id) != nil else { return .ignore }
            state = .open(requests)
            return .sendCancel
        }
    }

    // MARK: The end

    enum OnEnd: Equatable {
        /// Close the connection; these requests end with its fault.
        case fail(ConnectionFault, [RequestID])
        case ignore
    }

    /// The server closed the connection, or it broke.
    mutating func disconnected(reason: String? = nil) -> OnEnd {
        switch state {
        case .closed: .ignore
        case .handshake(let greeting): end(.endedInHandshake(heardAnything: greeting.version != nil))
        case .open: end(.lost(reason: reason))
        }
    }

    /// The time for the greeting is up.
    mutating func handshakeDeadlinePassed() -> OnEnd {
        switch state {
        case .closed, .open: .ignore
        case .handshake(let greeting): end(.handshakeTimedOut(heardAnything: greeting.version != nil))
        }
    }

    /// A line does not end.
    mutating func receivedTooLongLine() -> OnEnd {
        if case .closed = state { .ignore } else { end(.lineTooLong) }
    }

    /// This side wants to end.
    mutating func close() -> OnEnd {
        if case .closed = state { .ignore } else { end(.closed) }
    }

    private mutating func end(_ fault: ConnectionFault) -> OnEnd {
        var ids: [RequestID] = []
        if case .open(let requests) = state { ids = requests.inFlight.sorted() }
        state = .closed(fault)
        return .fail(fault, ids)
    }

    private mutating func fail(_ fault: ConnectionFault) -> OnLine {
        switch end(fault) {
        case .fail(let fault, let ids): .fail(fault, ids)
        case .ignore: .ignore
        }
    }

    /// The beginning of a line that may come from anybody, fit for a message.
    private static func visible(_ line: Span<UInt8>) -> String {
        var text = ""
        for index in line.indices.prefix(40) {
            let byte = line[index]
            text.unicodeScalars.append((0x20...0x7e).contains(byte) ? Unicode.Scalar(byte) : "?")
        }
        return text
    }
}

extension ServerLine.Fault {
    fileprivate var word: String {
        switch self {
        case .brokenLine(let word): word
        case .missingUser: "OK"
        }
    }
}

extension ServerReply {
    fileprivate var word: String {
        switch self {
        case .challenge, .bindingChallenge: "CONT"
        case .cancelled: "CANCELLED"
        case .success: "OK"
        case .failure: "FAIL"
        }
    }
}
