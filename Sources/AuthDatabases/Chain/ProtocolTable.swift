/// A value for all protocols, and other ones for some (`protocol smtp { … }`).
public struct ProtocolTable<Value: Sendable>: Sendable {
    /// For every protocol that has none of its own.
    public let common: Value
    @usableFromInline let own: [String: Value]
    @usableFromInline let others: (except: String, value: Value)?

    /// - Parameters:
    ///   - common: for every protocol that has none of its own.
    ///   - own: by the protocol's name; one name may begin with `!` and stands for all protocols but that one.
    public init(_ common: Value, own: [String: Value] = [:]) {
        self.common = common
        self.own = own
        let negated = own.filter { $0.key.hasPrefix("!") }.min { $0.key < $1.key }
        others = negated.map { (String($0.key.dropFirst()), $0.value) }
    }

    /// Whether all protocols have the same.
    @inlinable
    public var isUniform: Bool { own.isEmpty }

    /// What is in force for a protocol, found as Dovecot finds it.
    ///
    /// Inlinable, since every login asks several times, and unspecialised it costs each of them thousands of instructions.
    @inlinable
    public subscript(protocolName: String) -> Value {
        guard !isUniform else { return common }
        if let value = own[protocolName] { return value }
        if let others, others.except != protocolName { return others.value }
        return common
    }
}
