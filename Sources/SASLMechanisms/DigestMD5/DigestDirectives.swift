/// The directives of a DIGEST-MD5 message (RFC 2831 section 2.1): `name=value, name="value"`.
struct DigestDirectives: Equatable {
    /// By name in small letters, in the order of the message; quotes and backslashes are gone.
    private(set) var all: [(name: String, value: [UInt8])] = []

    static func == (left: Self, right: Self) -> Bool {
        left.all.elementsEqual(right.all, by: ==)
    }

    /// More than any client or server sends.
    private static let most = 64

    /// nil if the message breaks the grammar.
    init?(_ message: [UInt8]) {
        var rest = message[...]
        while true {
            // Empty elements count for nothing (RFC 2831 section 7.1).
            while let byte = rest.first, Self.isBlank(byte) || byte == UInt8(ascii: ",") { rest.removeFirst() }
            if rest.isEmpty { return }
            guard all.count < Self.most, let name = Self.token(&rest), !name.isEmpty else { return nil }
            Self.skipBlanks(&rest)
            guard rest.popFirst() == UInt8(ascii: "=") else { return nil }
            Self.skipBlanks(&rest)
            guard let value = rest.first == UInt8(ascii: "\"") ? Self.quoted(&rest) : Self.token(&rest) else {
                return nil
            }
            all.append((String(decoding: name, as: UTF8.self).lowercased(), value))
            Self.skipBlanks(&rest)
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
        }
    }

    /// The value of a directive that may stand there once; nil without it.
    func single(_ name: String) throws(MechanismFailure) -> [UInt8]? {
        var found: [UInt8]?
        for directive in all where directive.name == name {
            guard found == nil else { throw .invalidInput }
            found = directive.value
        }
        return found
    }

    /// All values of a directive.
    func values(_ name: String) -> [[UInt8]] {
        all.filter { $0.name == name }.map(\.value)
    }

    /// `"text"`, with a backslash in front of what needs one.
    static func quote(_ text: [UInt8]) -> [UInt8] {
        var quoted = [UInt8(ascii: "\"")]
        for byte in text {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
            quoted.append(byte)
        }
        quoted.append(UInt8(ascii: "\""))
        return quoted
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
        default: false
        }
    }

    private static func skipBlanks(_ rest: inout ArraySlice<UInt8>) {
        while let byte = rest.first, isBlank(byte) { rest.removeFirst() }
    }

    /// Everything up to a separator that matters here; `/` and `:` in an unquoted digest-uri pass, as in Dovecot.
    private static func token(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let end = rest.firstIndex { byte in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "\""): true
            default: byte <= 32 || byte == 127
            }
        }
        let token = rest[..<(end ?? rest.endIndex)]
        rest = rest[token.endIndex...]
        return Array(token)
    }

    private static func quoted(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var value: [UInt8] = []
        rest.removeFirst()
        while var byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return value }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = rest.popFirst() else { return nil }
                byte = escaped
            }
            guard byte != 0 else { return nil }
            value.append(byte)
        }
        return nil
    }
}
