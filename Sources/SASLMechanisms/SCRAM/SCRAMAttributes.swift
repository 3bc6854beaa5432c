/// The attributes of a SCRAM message (RFC 5802 section 5.1): `a=value,b=value`.
struct SCRAMAttributes {
    let all: [(key: UInt8, value: ArraySlice<UInt8>)]

    /// nil unless each part is a letter, an equals sign and a value without NUL.
    init?(_ message: ArraySlice<UInt8>) {
        var all: [(key: UInt8, value: ArraySlice<UInt8>)] = []
        for part in message.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard
                part.count >= 2, all.count < Self.most,
                let key = part.first, (0x41...0x5a).contains(key & 0xdf),
                part[part.startIndex + 1] == UInt8(ascii: "="), !part.contains(0)
            else { return nil }
            all.append((key, part.dropFirst(2)))
        }
        self.all = all
    }

    /// More than any peer sends.
    private static let most = 32

    /// The value at `place`, if the attribute there has this key.
    func value(_ key: Character, at place: Int) -> ArraySlice<UInt8>? {
        guard all.indices.contains(place), all[place].key == key.asciiValue else { return nil }
        return all[place].value
    }

    /// Whether attributes of these keys stand at or behind `place`: mandatory extensions, or repetitions.
    func contains(_ keys: String, from place: Int) -> Bool {
        all.dropFirst(place).contains { attribute in keys.utf8.contains(attribute.key) }
    }

    /// Whether it is fit for a nonce: printable ASCII without a comma (RFC 5802 section 7).
    static func isNonce(_ value: ArraySlice<UInt8>) -> Bool {
        !value.isEmpty && value.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: ",") }
    }
}
