/// One extra field that a database's section sets: `default_fields`, `override_fields`, `fields {}` or `args`.
public struct FieldSetting: Sendable, Equatable {
    /// Name of the field as written, with what Dovecot lets follow it (`home:default` in 2.4, `x:protected` in 2.3).
    public var name: String

    /// What the field becomes; `nil` for a name alone, which in Dovecot is the same as an empty text.
    public var value: TemplateText?

    /// A field of that name and value.
    public init(name: String, value: TemplateText? = nil) {
        self.name = name
        self.value = value
    }
}
