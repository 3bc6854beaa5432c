public import Secrets

/// The client's side of one exchange of a SASL mechanism, without I/O.
///
/// The contract: ``initialResponse()`` once, then ``respond(to:)`` for each challenge, and ``finish(serverMessage:)``
/// when the server says that the login succeeded. Only if that doesn't throw did it.
public protocol ClientMechanism: ~Copyable, Sendable {
    /// The registered name, such as `PLAIN`.
    var name: String { get }

    /// What the exchange is bound to, if the mechanism does that; for clients that hand it on to the server's side of
    /// the TLS connection (`channel_binding=` of protocol 1.3).
    var channelBinding: ChannelBinding? { get }

    /// The initial response, or nil if the server has to speak first; asked once, before anything else.
    mutating func initialResponse() -> Secret?

    /// The answer to a challenge of the server, which may be of no bytes.
    ///
    /// - Throws: ``ClientMechanismFailure`` if the mechanism has nothing to say to it; the exchange is cancelled then.
    mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret

    /// Takes note that the server reports success.
    ///
    /// - Parameter serverMessage: what came with it (`resp=` of OK), if anything did. A last message that came as a
    ///   challenge went through ``respond(to:)``.
    /// - Throws: ``ClientMechanismFailure`` if the server has not proven itself, as SCRAM and DIGEST-MD5 demand: the
    ///   success is not to be believed.
    mutating func finish(serverMessage: [UInt8]?) throws(ClientMechanismFailure)
}

extension ClientMechanism where Self: ~Copyable {
    /// None.
    public var channelBinding: ChannelBinding? { nil }

    /// For mechanisms whose server has nothing to prove.
    public mutating func finish(serverMessage: [UInt8]?) throws(ClientMechanismFailure) {
        guard serverMessage ?? [] == [] else {
            throw ClientMechanismFailure("the server sends a last message, which \(name) does not have")
        }
    }
}
