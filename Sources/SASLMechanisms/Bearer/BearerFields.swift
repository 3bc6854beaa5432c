internal import Secrets

/// The `key=value` fields of OAUTHBEARER and XOAUTH2, each ended by a byte 1; the token stays where it is.
struct BearerFields {
    private(set) var user: [UInt8]?
    private(set) var host: String?
    private(set) var port: UInt16?
    /// Where the token is.
    private(set) var token: Range<Int>?

    static let separator: UInt8 = 1

    /// Reads the fields in `range`, up to the empty one behind the last.
    init(_ message: Span<UInt8>, from start: Int) throws(BearerMessageError) {
        var position = start
        while true {
            guard let end = message.position(of: Self.separator, from: position) else { throw .malformed }
            if end == position {
                // Nothing may come behind the last separator.
                guard end == message.count - 1 else { throw .malformed }
                return
            }
            try read(message, position..<end)
            position = end + 1
        }
    }

    private mutating func read(_ message: Span<UInt8>, _ field: Range<Int>) throws(BearerMessageError) {
        guard let equals = message.position(of: UInt8(ascii: "="), from: field.lowerBound), equals < field.upperBound
        else { throw .malformed }
        // RFC 7628 section 3.1: a key consists of letters.
        let key = field.lowerBound..<equals
        guard (1...32).contains(key.count) else { throw .malformed }
        let name = key.map { message[$0] }
        guard name.allSatisfy({ (0x41...0x5a).contains($0 & 0xdf) }) else { throw .malformed }
        let value = equals + 1..<field.upperBound
        switch String(decoding: name, as: UTF8.self) {
        case "auth":
            guard token == nil else { throw .malformed }
            guard let range = Self.token(message, value) else { throw .unsuitableToken }
            token = range
        case "user":
            guard user == nil else { throw .malformed }
            guard value.count <= MessageLimits.name else { throw .malformed }
            user = value.map { message[$0] }
        case "host":
            guard host == nil, let text = message.name(value) else { throw .malformed }
            host = text
        case "port":
            guard port == nil, let text = message.name(value), let number = UInt16(text) else { throw .malformed }
            port = number
        default:
            // Unknown keys are ignored (RFC 7628 section 3.1).
            break
        }
    }

    /// `Bearer` in any case, a blank, and a b64token (RFC 6750 section 2.1).
    private static func token(_ message: Span<UInt8>, _ value: Range<Int>) -> Range<Int>? {
        let scheme = Array("bearer ".utf8)
        guard value.count > scheme.count else { return nil }
        for index in scheme.indices where message[value.lowerBound + index] | 0x20 != scheme[index] { return nil }
        let token = value.dropFirst(scheme.count)
        var isPadding = false
        for index in token {
            let byte = message[index]
            if byte == UInt8(ascii: "=") {
                // Padding alone is no token.
                guard index > token.lowerBound else { return nil }
                isPadding = true
                continue
            }
            guard !isPadding, isTokenCharacter(byte) else { return nil }
        }
        return token
    }

    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: "-._~+/".utf8.contains(byte)
        }
    }
}

extension Span<UInt8> {
    fileprivate func position(of byte: UInt8, from start: Int) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }
}
