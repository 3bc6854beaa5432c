/// The whole configuration as one protocol sees it: with what its `protocol NAME { … }` sections change.
public struct ProtocolConfiguration: Sendable, Equatable {
    /// Name of the protocol, as the client gives it (`service=`, `protocol=`); `!` in front for all but that one.
    public var name: String

    /// What is in force for it, complete; its own ``AuthConfiguration/protocols`` is empty.
    public var configuration: AuthConfiguration

    /// What is in force for the given protocol.
    public init(name: String, configuration: AuthConfiguration) {
        self.name = name
        self.configuration = configuration
    }
}

extension AuthConfiguration {
    /// What is in force for a protocol, found as Dovecot finds it: its own sections, else the first `!` section that is
    /// not against it, else what stands outside.
    public func configuration(forProtocol name: String) -> AuthConfiguration {
        let own = protocols.first { $0.name == name }
        let negated = protocols.first { $0.name.hasPrefix("!") && $0.name.dropFirst() != name }
        return (own ?? negated)?.configuration ?? self
    }
}
