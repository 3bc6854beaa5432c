/// A name that no mechanism of this library has.
public struct UnknownMechanism: Error, Hashable, Sendable, CustomStringConvertible {
    public let name: String

    public init(name: String) {
        self.name = name
    }

    public var description: String {
        "unknown SASL mechanism \"\(name)\": this server has "
            + MechanismRegistry.known.mechanisms.map(\.name).joined(separator: ", ")
    }
}
