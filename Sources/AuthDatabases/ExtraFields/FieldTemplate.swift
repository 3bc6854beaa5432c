/// A field whose value may have variables in it, as in `default_fields` and `override_fields`.
public struct FieldTemplate: Sendable, Hashable {
    public var name: String
    /// Nil for a flag.
    public var value: VariableTemplate?

    public init(_ name: String, _ value: VariableTemplate? = nil) {
        self.name = name
        self.value = value
    }

    func expand(_ query: UserQuery) -> ExtraField {
        ExtraField(name, value?.expand(query))
    }
}
