internal import Encodings
internal import Secrets

/// One line of a server, as a client reads it.
public enum ServerLine: Hashable, Sendable {
    case version(ProtocolVersion)
    case mechanism(ServerGreeting.Mechanism)
    case serverProcessID(UInt64)
    case connectionID(UInt64)
    case cookie(String)
    case done
    case reply(ServerReply)
    /// A word that this version of the protocol does not know; to be ignored during the handshake.
    case unknown(String)

    /// Why a line can't be read.
    public enum Fault: Error, Hashable, Sendable {
        case brokenLine(String)
        /// An OK without `user=`, or with an empty one.
        case missingUser(RequestID)
    }

    /// Reads one line of a server, given without its LF.
    ///
    /// - Throws: ``Fault``.
    public init(parsing line: Span<UInt8>) throws(Fault) {
        var end = line.count
        if end > 0, line[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        let line = line.extracting(0..<end)
        var scanner = LineScanner()
        let word = line.text(scanner.next(in: line) ?? 0..<0)
        func next<Number: FixedWidthInteger & UnsignedInteger>(as type: Number.Type) throws(Fault) -> Number {
            guard let field = scanner.next(in: line), let number = line.number(field, as: type) else {
                throw .brokenLine(word)
            }
            return number
        }
        switch word {
        case "VERSION":
            self = .version(ProtocolVersion(major: try next(as: UInt32.self), minor: try next(as: UInt32.self)))
        case "MECH":
            guard let name = scanner.next(in: line), !name.isEmpty else { throw .brokenLine(word) }
            var words: [String] = []
            while let field = scanner.next(in: line) { words.append(line.text(field)) }
            self = .mechanism(.init(name: line.text(name), flags: MechanismFlags(words: words)))
        case "SPID":
            self = .serverProcessID(try next(as: UInt64.self))
        case "CUID":
            self = .connectionID(try next(as: UInt64.self))
        case "COOKIE":
            guard let field = scanner.next(in: line), !field.isEmpty else { throw .brokenLine(word) }
            self = .cookie(line.text(field))
        case "DONE":
            self = .done
        case "CONT":
            let id = RequestID(try next(as: UInt32.self))
            guard let data = scanner.next(in: line), let message = Base64.decode(line.extracting(data)) else {
                throw .brokenLine(word)
            }
            var bytes: [UInt8] = []
            message.withBytes { span in for index in span.indices { bytes.append(span[index]) } }
            let fields = Self.parameters(line, &scanner)
            if let type = fields.first(where: { $0.name == "channel_binding" })?.value {
                self = .reply(.bindingChallenge(id, bytes, type: type))
            } else {
                self = .reply(.challenge(id, bytes))
            }
        case "OK":
            let id = RequestID(try next(as: UInt32.self))
            var fields = Self.parameters(line, &scanner)
            guard let index = fields.firstIndex(where: { $0.name == "user" }), let user = fields[index].value else {
                throw .missingUser(id)
            }
            fields.remove(at: index)
            self = .reply(.success(id, user: user, fields: fields))
        case "CANCELLED":
            self = .reply(.cancelled(RequestID(try next(as: UInt32.self))))
        case "FAIL":
            let id = RequestID(try next(as: UInt32.self))
            var failure = ServerReply.Failure()
            for field in Self.parameters(line, &scanner) {
                switch field.name {
                case "user": failure.user = field.value
                case "code": failure.code = field.value.map(ServerReply.Code.init(rawValue:))
                case "reason": failure.reason = field.value
                // Dovecot up to 2.2 says it as flags.
                case "temp" where field.value == nil: failure.code = failure.code ?? .temporaryFailure
                case "authz" where field.value == nil: failure.code = failure.code ?? .authorizationFailure
                default: failure.fields.append(field)
                }
            }
            self = .reply(.failure(id, failure))
        default:
            self = .unknown(word)
        }
    }

    /// The fields that are left; empty ones, which Dovecot 2.3 sends for hidden fields, are skipped.
    private static func parameters(_ line: Span<UInt8>, _ scanner: inout LineScanner) -> [Parameter] {
        var list: [Parameter] = []
        while let field = scanner.next(in: line) {
            guard !field.isEmpty else { continue }
            let nameEnd = line.firstIndex(of: UInt8(ascii: "="), in: field) ?? field.upperBound
            let value = line.unescapedText(min(nameEnd + 1, field.upperBound)..<field.upperBound)
            // Nothing may be left of a value once it is unescaped; it is no other than one that was not given.
            list.append(
                Parameter(line.unescapedText(field.lowerBound..<nameEnd), value.isEmpty ? nil : value))
        }
        return list
    }
}
