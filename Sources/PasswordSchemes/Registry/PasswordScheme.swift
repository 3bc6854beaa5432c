/// The name of a way to store passwords, as it stands between braces in front of the data: `{SSHA256.HEX}`.
///
/// Names are case-insensitive. The suffixes `.hex`, `.b64` and `.base64` force an encoding of the data; without one,
/// schemes of a fixed size tell hexadecimal from base64 by the length, as Dovecot does.
public struct PasswordScheme: Sendable, Hashable, CustomStringConvertible {
    /// An encoding forced by a suffix of the name.
    public enum Encoding: Sendable, Hashable, CaseIterable {
        case hex
        case b64
        case base64

        var suffix: String {
            switch self {
            case .hex: ".HEX"
            case .b64: ".B64"
            case .base64: ".BASE64"
            }
        }
    }

    let identifier: SchemeIdentifier

    /// The encoding that the name's suffix forces; nil without a suffix.
    public let encoding: Encoding?

    init(_ identifier: SchemeIdentifier, encoding: Encoding? = nil) {
        self.identifier = identifier
        self.encoding = encoding
    }

    /// The scheme of this name, in capital or small letters, with or without a suffix; nil if there is none.
    public init?(named name: Span<UInt8>) {
        var end = name.count
        for index in name.indices where name[index] == UInt8(ascii: ".") {
            end = index
            break
        }
        guard
            let key = SchemeName(name.extracting(0..<end)),
            let identifier = SchemeDefinition.identifier(of: key)
        else { return nil }
        self.identifier = identifier
        if end == name.count {
            encoding = nil
        } else if let encoding = Self.encoding(suffix: name.extracting((end + 1)..<name.count)) {
            self.encoding = encoding
        } else {
            // An unknown suffix makes an unknown scheme, as in Dovecot.
            return nil
        }
    }

    /// The scheme of this name; nil if there is none.
    public init?(named name: String) {
        var name = name
        name.makeContiguousUTF8()
        self.init(named: name.utf8.span)
    }

    private static func encoding(suffix: Span<UInt8>) -> Encoding? {
        switch SchemeName(suffix) {
        case hexSuffix: .hex
        case b64Suffix: .b64
        case base64Suffix: .base64
        default: nil
        }
    }

    private static let hexSuffix = SchemeName(literal: "HEX")
    private static let b64Suffix = SchemeName(literal: "B64")
    private static let base64Suffix = SchemeName(literal: "BASE64")

    /// The name in capital letters, with its suffix.
    public var name: String { definition.name + (encoding?.suffix ?? "") }

    public var description: String { name }

    /// Whether Dovecot 2.4 refuses the scheme unless `auth_allow_weak_schemes` is on.
    ///
    /// CRYPT data can be weak too; ``StoredPassword/isWeak`` knows.
    public var isWeak: Bool { definition.isWeak }

    /// Whether both store the same thing under different names (`SHA` and `SHA1`, `CRAM-MD5` and `HMAC-MD5` …).
    ///
    /// Suffixes do not count, as in Dovecot.
    public func isAlias(of other: PasswordScheme) -> Bool {
        definition.family == other.definition.family
    }

    /// Every scheme that can be verified and generated, in the order of `gatepost pw -l`.
    public static var all: [PasswordScheme] { SchemeIdentifier.allCases.map { PasswordScheme($0) } }

    var definition: SchemeDefinition { SchemeDefinition.of(identifier) }
}
