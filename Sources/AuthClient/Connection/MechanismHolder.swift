internal import SASLMechanisms
internal import Secrets
internal import Synchronization

/// A mechanism of any type, shared by the task that waits and the event loop that drives it.
///
/// A class stands in for `any ClientMechanism & ~Copyable`, which Swift 6.3.1 copies, and so traps on, in release
/// builds when a generic function makes one.
protocol MechanismHolder: AnyObject, Sendable {
    var channelBinding: ChannelBinding? { get }
    func initialResponse() -> Secret?
    func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret
    func finish(serverMessage: [UInt8]?) throws(ClientMechanismFailure)
}

final class HeldMechanism<Mechanism: ClientMechanism & ~Copyable>: MechanismHolder {
    private let mechanism: Mutex<Mechanism>

    init(_ mechanism: consuming sending Mechanism) {
        self.mechanism = Mutex(mechanism)
    }

    var channelBinding: ChannelBinding? { mechanism.withLock { $0.channelBinding } }

    func initialResponse() -> Secret? {
        mechanism.withLock { $0.initialResponse() }
    }

    func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
        try mechanism.withLock { (mechanism) throws(ClientMechanismFailure) in
            try mechanism.respond(to: challenge)
        }
    }

    func finish(serverMessage: [UInt8]?) throws(ClientMechanismFailure) {
        try mechanism.withLock { (mechanism) throws(ClientMechanismFailure) in
            try mechanism.finish(serverMessage: serverMessage)
        }
    }
}
