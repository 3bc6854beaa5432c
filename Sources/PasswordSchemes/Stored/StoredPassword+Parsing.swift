internal import Encodings
internal import Secrets

extension StoredPassword {
    /// Reads the password field of a database entry.
    ///
    /// - Parameters:
    ///   - text: The field as stored, `{SCHEME}data` or data of the default scheme. `$1$salt$hash` without a prefix is
    ///     always MD5-CRYPT, and `{` without `}` begins data of the default scheme, both as in Dovecot.
    ///   - defaultScheme: The scheme of data without a prefix.
    /// - Throws: ``PasswordSchemeError`` with code `unknownScheme` or `malformed`.
    public init(parsing text: Span<UInt8>, defaultScheme: PasswordScheme) throws(PasswordSchemeError) {
        if let end = Self.endOfBareMD5Crypt(text) {
            try self.init(data: text.extracting(0..<end), scheme: PasswordScheme(.md5Crypt))
        } else if let end = Self.endOfPrefix(text) {
            let name = text.extracting(1..<end)
            guard let scheme = PasswordScheme(named: name) else { throw PasswordSchemeError(unknownScheme: name) }
            try self.init(data: text.extracting((end + 1)..<text.count), scheme: scheme)
        } else {
            try self.init(data: text, scheme: defaultScheme)
        }
    }

    /// Reads data whose scheme is known.
    ///
    /// - Throws: ``PasswordSchemeError`` with code `malformed`.
    public init(data: Span<UInt8>, scheme: PasswordScheme) throws(PasswordSchemeError) {
        let definition = scheme.definition
        let decoded = try Self.decode(data, of: scheme, definition)
        let isWeakCrypt = definition.holdsCryptHash && decoded.withBytes(CryptMethod.isWeak)
        let hash = try definition.implementation.parse(decoded, of: scheme)
        // A locked field is no weak hash but none at all.
        if case .never = hash {
            self.init(scheme: scheme, isWeak: false, hash: hash)
        } else {
            let isCostly = if case .costly = hash { true } else { false }
            self.init(
                scheme: scheme, isWeak: definition.isWeak || isWeakCrypt, hash: hash,
                costlyData: isCostly ? SharedSecret(Secret(copying: data)) : nil)
        }
    }

    /// Where `$1$salt$hash` ends: before a third `$` after the prefix, for Dovecot ignores what follows.
    private static func endOfBareMD5Crypt(_ text: Span<UInt8>) -> Int? {
        let dollar = UInt8(ascii: "$")
        guard text.count > 3, text[0] == dollar, text[1] == UInt8(ascii: "1"), text[2] == dollar else { return nil }
        guard let salt = text.firstIndex(of: dollar, from: 3) else { return nil }
        return text.firstIndex(of: dollar, from: salt + 1) ?? text.count
    }

    private static func endOfPrefix(_ text: Span<UInt8>) -> Int? {
        guard text.count > 0, text[0] == UInt8(ascii: "{") else { return nil }
        return text.firstIndex(of: UInt8(ascii: "}"), from: 1)
    }

    private static func decode(
        _ data: Span<UInt8>, of scheme: PasswordScheme, _ definition: SchemeDefinition
    ) throws(PasswordSchemeError) -> Secret {
        let decoded: Secret
        switch (scheme.encoding, definition.writing, definition.size) {
        case (nil, .text, _):
            decoded = Secret(copying: data)
        case (.hex, _, _):
            decoded = try decodeHex(data, of: scheme)
        case (nil, _, let size?) where data.count == size * 2:
            // Some digests are as long in base64 as others in hexadecimal, so what is not the one may be the other.
            if let bytes = Hexadecimal.decode(data) {
                decoded = bytes
            } else {
                decoded = try decodeBase64(data, of: scheme)
            }
        case (nil, .hex, nil):
            decoded = try decodeHex(data, of: scheme)
        case (.b64, _, _), (.base64, _, _), (nil, _, _):
            decoded = try decodeBase64(data, of: scheme)
        }
        if let size = definition.size, decoded.count != size {
            throw PasswordSchemeError(.malformed, scheme, "the data have the wrong length")
        }
        return decoded
    }

    private static func decodeHex(
        _ data: Span<UInt8>, of scheme: PasswordScheme
    ) throws(PasswordSchemeError) -> Secret {
        if let bytes = Hexadecimal.decode(data) { return bytes }
        throw PasswordSchemeError(.malformed, scheme, "Input isn't valid HEX encoded data")
    }

    private static func decodeBase64(
        _ data: Span<UInt8>, of scheme: PasswordScheme
    ) throws(PasswordSchemeError) -> Secret {
        if let bytes = Base64.decode(data) { return bytes }
        throw PasswordSchemeError(.malformed, scheme, "Input isn't valid base64 encoded data")
    }
}
