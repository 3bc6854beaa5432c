/// A named value of a line, or a flag if there is no value.
public struct Parameter: Hashable, Sendable {
    public var name: String
    /// Nil for a flag; never empty on the wire, where an empty value is written as a flag, as Dovecot does.
    public var value: String?

    public init(_ name: String, _ value: String? = nil) {
        self.name = name
        self.value = value
    }
}
