internal import Encodings
internal import PasswordSchemes

/// One line of a passwd-file: `user:password:uid:gid:gecos:home:shell:extra fields`, as Dovecot reads it.
struct PasswdFileLine {
    /// Where the password stands in the file's bytes; empty for a line that has none.
    let password: Range<Int>
    /// Where the extra fields stand: everything behind the seventh colon, colons included.
    let extra: Range<Int>

    /// - Parameter line: without its line end; it begins with the user's name.
    init(in bytes: Span<UInt8>, line: Range<Int>) {
        var password = line.upperBound..<line.upperBound
        var extra = line.upperBound..<line.upperBound
        var colons = 0
        var next = line.lowerBound
        while colons < 7, let colon = bytes.firstIndex(of: UInt8(ascii: ":"), in: next..<line.upperBound) {
            next = colon + 1
            colons += 1
            switch colons {
            case 1: password = next..<line.upperBound
            case 2: password = password.lowerBound..<colon
            case 7: extra = next..<line.upperBound
            default: break
            }
        }
        self.password = password
        self.extra = extra
    }

    /// The password field, understood.
    func storedPassword(
        in bytes: Span<UInt8>, defaultScheme: PasswordScheme
    ) throws(PasswordSchemeError) -> StoredPassword {
        let text = bytes.extracting(password)
        // A libpam-pwdfile type, `hash[13]`, stands for a scheme unless the text says its own.
        if let last = text.indices.last, text[last] == UInt8(ascii: "]"), text.count >= 4,
            text[0] != UInt8(ascii: "{"), text[0] != UInt8(ascii: "$"), text[text.count - 4] == UInt8(ascii: "["),
            let tens = Self.digit(text[text.count - 3]), let ones = Self.digit(text[text.count - 2])
        {
            let scheme: PasswordScheme =
                switch tens * 10 + ones {
                case 34: PasswordScheme(named: "PLAIN-MD5") ?? defaultScheme
                case 56: PasswordScheme(named: "DIGEST-MD5") ?? defaultScheme
                default: .crypt
                }
            return try StoredPassword(data: text.extracting(0..<text.count - 4), scheme: scheme)
        }
        return try StoredPassword(parsing: text, defaultScheme: defaultScheme)
    }

    /// Whether nothing follows the scheme, if there is one.
    func isEmptyPassword(in bytes: Span<UInt8>) -> Bool {
        guard let last = password.last else { return true }
        guard bytes[password.lowerBound] == UInt8(ascii: "{"), bytes[last] == UInt8(ascii: "}") else { return false }
        return bytes.firstIndex(of: UInt8(ascii: "}"), in: password) == last
    }

    /// The extra fields, separated by blanks; the first `=` ends the name.
    func extraFields(in bytes: Span<UInt8>) -> [ExtraField] {
        // An older format has an empty field here, and the mail location behind it, which is the user database's.
        guard let first = extra.first, bytes[first] != UInt8(ascii: ":") else { return [] }
        // The bytes are copied inside the closure.
        let text = unsafe bytes.extracting(extra).withUnsafeBufferPointer { unsafe Array($0) }
        return text.split(separator: UInt8(ascii: " ")).map { field in
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else {
                return ExtraField(String(decoding: field, as: UTF8.self))
            }
            let value = field[(equals + 1)...]
            return ExtraField(
                String(decoding: field[..<equals], as: UTF8.self),
                value.isEmpty ? nil : String(decoding: value, as: UTF8.self))
        }
    }

    private static func digit(_ byte: UInt8) -> Int? {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte - UInt8(ascii: "0")) : nil
    }
}
