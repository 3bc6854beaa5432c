internal import DovecotAuthProtocol
internal import SASLMechanisms

/// One request from its AUTH to its last reply; owned by its connection and by nobody else.
final class Exchange {
    enum State: Equatable {
        /// It is the mail client's turn.
        case awaitingClient(until: Instant)
        /// It is the engine's turn.
        case checking(serial: UInt64, deadline: Instant)
        /// Answered, but not told yet.
        case delayed(ServerReply, due: Instant)
    }

    let request: AuthenticationRequest
    var mechanism: any ServerMechanism & ~Copyable
    /// When the client's last message for this request came; a failure is told at a fixed time after it.
    var heardAt: Instant
    var state: State
    /// The name after normalisation, once the mechanism has one.
    var user: String?
    /// The name as the mail client gave it.
    var originalUser: String?

    init(_ request: AuthenticationRequest, _ mechanism: consuming any ServerMechanism & ~Copyable, at now: Instant) {
        self.request = request
        self.mechanism = mechanism
        heardAt = now
        state = .awaitingClient(until: now)
    }
}
