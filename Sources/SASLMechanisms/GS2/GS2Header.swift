/// The front of a client's first message in SCRAM and OAUTHBEARER (RFC 5801 section 4): `n,a=authzid,`.
struct GS2Header: Equatable {
    enum Binding: Equatable {
        /// `n`: the client can't bind to its TLS connection.
        case impossible
        /// `y`: it can, but saw no mechanism of the server that does.
        case unadvertised
        /// `p=`: it does, by this type.
        case used(String)
    }

    let binding: Binding
    let authorizationID: String?
    /// The header to the letter, with both commas.
    let text: [UInt8]

    init(_ message: ArraySlice<UInt8>) throws(MechanismFailure) {
        let comma = UInt8(ascii: ",")
        guard
            let first = message.firstIndex(of: comma),
            let second = message[(first + 1)...].firstIndex(of: comma)
        else { throw .invalidInput }
        binding = try Self.binding(message[..<first])
        authorizationID = try Self.authorizationID(message[(first + 1)..<second])
        text = Array(message[...second])
    }

    private static func binding(_ flag: ArraySlice<UInt8>) throws(MechanismFailure) -> Binding {
        if flag.elementsEqual([UInt8(ascii: "n")]) { return .impossible }
        if flag.elementsEqual([UInt8(ascii: "y")]) { return .unadvertised }
        // `F` in front, for mechanisms without standard tokens, is none of ours.
        guard flag.starts(with: [UInt8(ascii: "p"), UInt8(ascii: "=")]) else { throw .invalidInput }
        guard flag.count > 2, let type = flag.dropFirst(2).name else { throw .invalidInput }
        return .used(type)
    }

    private static func authorizationID(_ field: ArraySlice<UInt8>) throws(MechanismFailure) -> String? {
        if field.isEmpty { return nil }
        guard
            field.starts(with: [UInt8(ascii: "a"), UInt8(ascii: "=")]),
            let name = SASLName.decode(field.dropFirst(2))
        else { throw .invalidInput }
        return name
    }
}
