import DovecotAuthProtocol
import Encodings
import Secrets

/// Base64 and tab escaping there and back, and as a text of any bytes.
enum Base64Target {
    static func run(_ input: Span<UInt8>) throws(BrokenRule) {
        if let decoded = Base64.decode(input) {
            try demand(decoded.count <= input.count / 4 * 3, "more bytes than the text can hold")
        }
        let bytes = input.array
        try demand(Base64.decode(Base64.encode(input).span)?.array == bytes, "base64 loses something")
        var escaped: [UInt8] = []
        TabEscaping.escape(input, into: &escaped)
        try demand(escaped.allSatisfy { ![0, 9, 10, 13].contains($0) }, "a control byte is not escaped")
        try demand(TabEscaping.unescape(escaped.span) == bytes, "escaping loses something")
        _ = TabEscaping.unescape(input)
    }
}
