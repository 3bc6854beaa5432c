internal import Secrets

extension Span<UInt8> {
    /// The bytes in `range` as text, or nil if they are not UTF-8 or hold a NUL (RFC 4616 section 2, RFC 4013).
    func name(_ range: Range<Int>) -> String? {
        let bytes = extracting(range)
        for index in bytes.indices where bytes[index] == 0 { return nil }
        guard let text = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: text)
    }
}

extension Secret {
    /// All of it as a name; names are no secrets.
    func name() -> String? {
        withBytes { $0.name($0.indices) }
    }
}
