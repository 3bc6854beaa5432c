/// The mechanisms that a server offers, in its order of preference.
public struct MechanismRegistry: Sendable {
    /// In the order in which they are announced.
    public let mechanisms: [OfferedMechanism]

    public init(_ mechanisms: [OfferedMechanism]) {
        self.mechanisms = mechanisms
    }

    /// The mechanisms with these names, in their order, each once.
    ///
    /// - Throws: ``UnknownMechanism`` for the first name that this library does not have.
    public init(names: [String]) throws(UnknownMechanism) {
        var chosen: [OfferedMechanism] = []
        for name in names {
            guard let mechanism = Self.known[name] else { throw UnknownMechanism(name: name) }
            if !chosen.contains(where: { $0.name == mechanism.name }) { chosen.append(mechanism) }
        }
        mechanisms = chosen
    }

    /// The mechanism called `name`, in any case (RFC 4422 section 3.1 has capitals, clients have not).
    public subscript(name: String) -> OfferedMechanism? {
        // Nearly every client writes capitals.
        let index = mechanisms.firstIndex { $0.name == name } ?? mechanisms.firstIndex { Self.isSameName($0.name, name) }
        return index.map { mechanisms[$0] }
    }

    private static func isSameName(_ registered: String, _ name: String) -> Bool {
        registered.utf8.count == name.utf8.count
            && zip(registered.utf8, name.utf8).allSatisfy { capital, letter in
                capital == letter || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) && capital == letter - 32
            }
    }
}
