internal import AuthDatabases
internal import DovecotAuthProtocol

/// The fields that a mail server passes on of its own client (`forward_fields=`).
enum ForwardedFields {
    /// - Parameter text: separated by TABs, each escaped once.
    static func parse(_ text: String) -> [ExtraField] {
        text.utf8.split(separator: UInt8(ascii: "\t")).compactMap { part in
            let bytes = TabEscaping.unescape(Array(part).span)
            let equals = bytes.firstIndex(of: UInt8(ascii: "=")) ?? bytes.count
            guard equals > 0 else { return nil }
            return ExtraField(
                String(decoding: bytes[..<equals], as: UTF8.self),
                equals < bytes.count ? String(decoding: bytes[(equals + 1)...], as: UTF8.self) : nil)
        }
    }

    /// What a reply says of them.
    static func parameters(of request: AuthenticationRequest) -> [Parameter] {
        guard let text = request.forwardFields else { return [] }
        return parse(text).map { Parameter("forward_" + $0.name, $0.value) }
    }
}

extension Parameter {
    /// Whether it says how to serve a login, so that a failure hasn't got it.
    var isOfSuccessOnly: Bool {
        switch name {
        case "nologin", "proxy", "proxy_maybe", "proxy_always", "host", "port", "destuser": true
        default: false
        }
    }
}
