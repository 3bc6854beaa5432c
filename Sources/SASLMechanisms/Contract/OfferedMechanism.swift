/// A mechanism that a server may offer.
public struct OfferedMechanism: Sendable {
    /// The registered name, in capitals.
    public let name: String
    public let properties: SecurityProperties
    /// What the server must have to offer it.
    public let needs: MechanismNeeds
    /// Whether it is one that clients of protocol 1.3 and later can use, which deliver channel bindings.
    public var bindsChannel: Bool { properties.contains(.channelBinding) }
    /// Which of the mechanisms it is whose messages others may read in its place; nil for all whose messages only they
    /// themselves understand, like those that embedders bring, whatever their names are.
    package private(set) var direct: DirectMechanism?
    private let make: @Sendable (() -> ExchangeContext) -> any ServerMechanism & ~Copyable

    /// - Parameter make: calls its argument only if the mechanism needs a context.
    public init(
        name: String, properties: SecurityProperties, needs: MechanismNeeds,
        make: @escaping @Sendable (_ context: () -> ExchangeContext) -> any ServerMechanism & ~Copyable
    ) {
        self.name = name
        self.properties = properties
        self.needs = needs
        self.make = make
    }

    package init(
        name: String, properties: SecurityProperties, needs: MechanismNeeds, direct: DirectMechanism,
        make: @escaping @Sendable (_ context: () -> ExchangeContext) -> any ServerMechanism & ~Copyable
    ) {
        self.init(name: name, properties: properties, needs: needs, make: make)
        self.direct = direct
    }

    /// A machine for one new exchange.
    ///
    /// - Parameter context: worked out only for a mechanism that needs it, which PLAIN and LOGIN don't.
    public func makeExchange(
        _ context: @autoclosure () -> ExchangeContext
    ) -> any ServerMechanism & ~Copyable {
        make(context)
    }
}
