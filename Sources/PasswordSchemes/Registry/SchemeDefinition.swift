/// One line of the registry: what a scheme's data look like and who understands them.
///
/// By reference, for each login asks for one.
final class SchemeDefinition: Sendable {
    /// How data are written when the name has no suffix.
    enum Writing: Sendable, Hashable {
        case text
        case hex
        case base64
    }

    let name: String
    let family: SchemeFamily
    let writing: Writing
    /// Decoded data have exactly this many bytes; only then is the encoding guessed from the length.
    let size: Int?
    let isWeak: Bool
    let implementation: any SchemeImplementation
    /// Whether the data are crypt(3)'s, whose own prefix says how weak they are.
    let holdsCryptHash: Bool

    init(
        _ name: String, _ family: SchemeFamily, _ implementation: any SchemeImplementation,
        as writing: Writing = .text, size: Int? = nil, isWeak: Bool = false
    ) {
        self.name = name
        self.family = family
        self.writing = writing
        self.size = size
        self.isWeak = isWeak
        self.implementation = implementation
        // Asking a type's name takes longer than checking a cheap password.
        holdsCryptHash = implementation is CryptScheme
    }

    private static let table = SchemeIdentifier.allCases.map(SchemeDefinition.init(of:))
    private static let names = table.map { SchemeName(literal: $0.name) }

    static func of(_ identifier: SchemeIdentifier) -> SchemeDefinition {
        // Raw values count from 0 in the order of allCases, so each is an index of the table.
        table[Int(identifier.rawValue)]
    }

    static func identifier(of name: SchemeName) -> SchemeIdentifier? {
        guard let index = names.firstIndex(of: name) else { return nil }
        return SchemeIdentifier(rawValue: UInt8(index))
    }
}
