internal import Secrets

/// The `key=value` fields of OAUTHBEARER and XOAUTH2, each ended by a byte 1; the token stays where it is.
struct BearerFields {
    private(set) var user: String?
    private(set) var host: String?
    private(set) var port: UInt16?
    /// Where the token is.
    private(set) var token: Range<Int>?

    static let separator: UInt8 = 1

    /// Reads user and token of XOAUTH2 as Dovecot does: what is no field is skipped, and nothing need be at the end.
    init(loosely message: Span<UInt8>) throws(BearerMessageError) {
        var position = 0
        while position < message.count {
            let end = message.position(of: Self.separator, in: position..<message.count) ?? message.count
            if let (name, value) = Self.split(message, position..<end), name == "user" || name == "auth" {
                try take(message, name, value)
            }
            position = end + 1
        }
    }

    /// Reads the fields from `start` on, up to the empty one behind the last, as RFC 7628 section 3.1 has them.
    init(_ message: Span<UInt8>, from start: Int) throws(BearerMessageError) {
        var position = start
        while true {
            guard let end = message.position(of: Self.separator, in: position..<message.count) else {
                throw .malformed
            }
            if end == position {
                // Nothing may come behind the last separator.
                guard end == message.count - 1 else { throw .malformed }
                return
            }
            guard let (name, value) = Self.split(message, position..<end) else { throw .malformed }
            try take(message, name, value)
            position = end + 1
        }
    }

    /// The key, which consists of letters (RFC 7628 section 3.1), and where the value is.
    private static func split(_ message: Span<UInt8>, _ field: Range<Int>) -> (name: String, value: Range<Int>)? {
        guard let equals = message.position(of: UInt8(ascii: "="), in: field) else { return nil }
        let key = field.lowerBound..<equals
        guard (1...32).contains(key.count) else { return nil }
        let name = key.map { message[$0] }
        guard name.allSatisfy({ (0x41...0x5a).contains($0 & 0xdf) }) else { return nil }
        return (String(decoding: name, as: UTF8.self), equals + 1..<field.upperBound)
    }

    private mutating func take(
        _ message: Span<UInt8>, _ name: String, _ value: Range<Int>
    ) throws(BearerMessageError) {
        switch name {
        case "auth":
            guard token == nil else { throw .malformed }
            guard let range = Self.token(message, value) else { throw .unsuitableToken }
            token = range
        case "user":
            guard user == nil, let text = message.name(value) else { throw .malformed }
            user = text
        case "host":
            guard host == nil, let text = message.name(value) else { throw .malformed }
            host = text
        case "port":
            guard port == nil, let number = value.map({ message[$0] }).decimal.flatMap({ UInt16(exactly: $0) }) else {
                throw .malformed
            }
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
    /// Where `byte` is first.
    fileprivate func position(of byte: UInt8, in range: Range<Int>) -> Int? {
        for index in range where self[index] == byte { return index }
        return nil
    }
}
