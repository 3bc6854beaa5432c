internal import DovecotAuthProtocol
internal import Encodings
internal import NIOCore
internal import SASLMechanisms
internal import Secrets
internal import Synchronization

/// One login on its way: its mechanism, and whoever waits for the outcome.
final class Exchange: Sendable {
    let request: AuthenticationRequest
    let outcome: EventLoopPromise<AuthenticationOutcome>
    let timeout: TimeAmount
    private let mechanism: any MechanismHolder
    private let progress = Mutex(Progress())

    private struct Progress {
        var id: RequestID?
        var deadline: Scheduled<Void>?
        var isOver = false
    }

    init(
        _ mechanism: any MechanismHolder, request: AuthenticationRequest, timeout: TimeAmount,
        outcome: EventLoopPromise<AuthenticationOutcome>
    ) {
        self.request = request
        self.timeout = timeout
        self.outcome = outcome
        self.mechanism = mechanism
    }

    /// The id under which it was sent.
    var id: RequestID? { progress.withLock { $0.id } }

    /// It was sent under `id`; `deadline` ends it.
    func started(_ id: RequestID, deadline: Scheduled<Void>) {
        progress.withLock {
            $0.id = id
            $0.deadline = deadline
        }
    }

    /// Whether this is the first time: an exchange that was cancelled before it began must not begin.
    func end() -> Bool {
        progress.withLock { progress in
            progress.deadline?.cancel()
            defer { progress.isOver = true }
            return !progress.isOver
        }
    }

    var isOver: Bool { progress.withLock { $0.isOver } }

    /// The AUTH line.
    func firstLine(_ id: RequestID) -> [UInt8] {
        var request = request
        request.id = id
        var line: [UInt8] = []
        let response = mechanism.initialResponse()
        ClientCommandEncoder.authenticate(request, initialResponse: response, into: &line)
        return line
    }

    /// The CONT line that answers a challenge.
    ///
    /// - Parameter bindingType: by what the server asks to name this side's TLS connection, if it does.
    func nextLine(
        _ id: RequestID, challenge: [UInt8], bindingType: String?
    ) throws(ClientMechanismFailure) -> [UInt8] {
        var binding: [UInt8]?
        if let bindingType {
            guard let known = mechanism.channelBinding, known.type.rawValue == bindingType else {
                throw ClientMechanismFailure("the server asks for a channel binding that this exchange does not have")
            }
            binding = known.data
        }
        var line: [UInt8] = []
        let response = try mechanism.respond(to: challenge.span)
        ClientCommandEncoder.proceed(id, response: response, channelBinding: binding, into: &line)
        return line
    }

    /// The outcome, once the mechanism has seen the server's last message, which OK carries as `resp=`.
    ///
    /// - Throws: if the server has to prove itself and didn't.
    func judge(_ outcome: AuthenticationOutcome) throws(ClientMechanismFailure) -> AuthenticationOutcome {
        guard case .success(let user, var fields) = outcome else { return outcome }
        var message: [UInt8]?
        if let place = fields.firstIndex(where: { $0.name == "resp" }) {
            let text = Array((fields.remove(at: place).value ?? "").utf8)
            guard let bytes = Base64.decode(text.span) else {
                throw ClientMechanismFailure("the server's last message is not base64")
            }
            message = bytes.withBytes { span in span.indices.map { span[$0] } }
        }
        try mechanism.finish(serverMessage: message)
        return .success(user: user, fields: fields)
    }
}
