/// What one logical line says.
enum ConfigurationLine: Equatable, Sendable {
    case setting(key: String, value: RawValue)
    case sectionBegin(keyword: String, name: String?)
    case sectionEnd
    case include(pattern: String, isOptional: Bool)
    /// A mistake; what its braces mean keeps the following lines in balance.
    case invalid(reason: String, braces: Braces)

    enum Braces: Sendable {
        case none
        case opening
        case closing
    }
}
