internal import Secrets

extension Span<UInt8> {
    /// The bytes in `range` as text, or nil if they are not UTF-8, hold a NUL (RFC 4616 section 2, RFC 4013) or are too
    /// many for a name.
    func name(_ range: Range<Int>) -> String? {
        // Nearly every authzid.
        guard !range.isEmpty else { return "" }
        guard range.count <= MessageLimits.name else { return nil }
        let bytes = extracting(range)
        for index in bytes.indices where bytes[index] == 0 { return nil }
        guard let text = try? UTF8Span(validating: bytes) else { return nil }
        return String(copying: text)
    }
}

extension [UInt8] {
    /// All of it as a name.
    var name: String? { span.name(indices) }
}

extension ArraySlice<UInt8> {
    /// All of it as a name.
    var name: String? { Array(self).name }
}

extension Secret {
    /// All of it as a name; names are no secrets.
    func name() -> String? {
        withBytes { $0.name($0.indices) }
    }

    /// A copy that nobody wipes, for messages without a secret; nil if it is longer than any message may be.
    func message() -> [UInt8]? {
        guard count <= MessageLimits.message else { return nil }
        return withBytes { bytes in bytes.indices.map { bytes[$0] } }
    }
}

extension Identity {
    /// An authzid that is empty, or the same as the authcid, asks for nothing more.
    init(_ authenticationID: String, actingAs authorizationID: String?) {
        let isSame = authorizationID == nil || authorizationID == "" || authorizationID == authenticationID
        self.init(authenticationID: authenticationID, authorizationID: isSame ? nil : authorizationID)
    }
}
