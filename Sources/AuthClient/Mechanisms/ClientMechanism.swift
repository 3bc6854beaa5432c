public import Secrets

/// The client's side of one exchange of a SASL mechanism, without I/O.
public protocol ClientMechanism: ~Copyable, Sendable {
    /// The registered name, such as `PLAIN`.
    var name: String { get }

    /// The initial response, or nil if the server has to speak first; asked once, before anything else.
    mutating func initialResponse() -> Secret?

    /// The answer to a challenge of the server, which may be of no bytes.
    ///
    /// - Throws: ``ClientMechanismFailure`` if the mechanism has nothing to say to it; the exchange is cancelled then.
    mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret
}

/// A server's challenge that a mechanism can't answer.
public struct ClientMechanismFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the challenge, without any secret.
    public let description: String

    public init(_ description: String) { self.description = description }
}
