internal import Encodings

extension ServerReply {
    /// Appends the line, LF included.
    ///
    /// `user=` comes first, since some clients look at the first parameter only. No parameter is empty.
    ///
    /// - Parameter limits: what the client can read; parameters beyond are left out.
    /// - Returns: the names of the parameters that did not fit.
    @discardableResult
    public func encode(into bytes: inout [UInt8], within limits: ReplyLimits = .mailServers) -> [String] {
        switch self {
        case .challenge(let id, let message):
            // The TAB stays even before nothing: Exim and Postfix need the field to be there.
            Self.open("CONT\t", id, &bytes)
            bytes.append(UInt8(ascii: "\t"))
            Base64.encode(message.span, into: &bytes)
            bytes.append(UInt8(ascii: "\n"))
            return []
        case .bindingChallenge(let id, let message, let type):
            Self.open("CONT\t", id, &bytes)
            bytes.append(UInt8(ascii: "\t"))
            Base64.encode(message.span, into: &bytes)
            bytes.append(UInt8(ascii: "\t"))
            Parameter("channel_binding", type).encode(into: &bytes, keepingEmptyValue: true)
            bytes.append(UInt8(ascii: "\n"))
            return []
        case .cancelled(let id):
            Self.open("CANCELLED\t", id, &bytes)
            bytes.append(UInt8(ascii: "\n"))
            return []
        case .success(let id, let user, let fields):
            var line = ParameterLine(start: bytes.count, limits: limits)
            Self.open("OK\t", id, &bytes)
            line.append("user", user, to: &bytes)
            for field in fields { line.append(field.name, field.value, to: &bytes) }
            bytes.append(UInt8(ascii: "\n"))
            return line.dropped
        case .failure(let id, let failure):
            var line = ParameterLine(start: bytes.count, limits: limits)
            Self.open("FAIL\t", id, &bytes)
            if let user = failure.user, !user.isEmpty { line.append("user", user, to: &bytes) }
            if let code = failure.code { line.append("code", code.rawValue, to: &bytes) }
            if let reason = failure.reason { line.append("reason", Self.printable(reason), to: &bytes) }
            for field in failure.fields { line.append(field.name, field.value, to: &bytes) }
            bytes.append(UInt8(ascii: "\n"))
            return line.dropped
        }
    }

    private static func open(_ word: StaticString, _ id: RequestID, _ bytes: inout [UInt8]) {
        bytes.append(word)
        bytes.append(decimal: id.number)
    }

    /// Postfix prints the reason to the remote SMTP client as it is.
    private static func printable(_ reason: String) -> String {
        String(decoding: reason.utf8.map { (0x20...0x7e).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}

/// Counts what goes into one reply line, so that every client can read it.
private struct ParameterLine {
    let start: Int
    let limits: ReplyLimits
    var count = 0
    var dropped: [String] = []

    mutating func append(_ name: String, _ value: String?, to bytes: inout [UInt8]) {
        guard !name.isEmpty else { return }
        let before = bytes.count
        bytes.append(UInt8(ascii: "\t"))
        TabEscaping.escape(name, into: &bytes)
        if let value, !value.isEmpty {
            bytes.append(UInt8(ascii: "="))
            TabEscaping.escape(value, into: &bytes)
        }
        count += 1
        // The LF still has to fit.
        if count > limits.parameters || bytes.count - start >= limits.bytes {
            bytes.removeLast(bytes.count - before)
            dropped.append(name)
        }
    }
}

extension Parameter {
    /// Appends `name=value` or `name`, escaped.
    func encode(into bytes: inout [UInt8], keepingEmptyValue: Bool) {
        TabEscaping.escape(name, into: &bytes)
        if let value, keepingEmptyValue || !value.isEmpty {
            bytes.append(UInt8(ascii: "="))
            TabEscaping.escape(value, into: &bytes)
        }
    }
}
