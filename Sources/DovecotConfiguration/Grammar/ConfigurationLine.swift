/// What one logical line says.
enum ConfigurationLine: Equatable, Sendable {
    case setting(key: String, value: RawValue)
    case sectionBegin(keyword: String, name: String?)
    case sectionEnd
    case include(pattern: String, isOptional: Bool)
    /// A mistake; `opensSection` keeps the braces of the following lines in balance.
    case invalid(reason: String, opensSection: Bool)
}
