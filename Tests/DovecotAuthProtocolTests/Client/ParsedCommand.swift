import DovecotAuthProtocol
import Secrets

/// A copyable picture of what the parser made of a line, for `#expect`.
enum ParsedCommand: Equatable {
    enum Response: Equatable { case absent, given(String), malformed }

    case version(UInt32, UInt32)
    case processID(UInt64)
    case authenticate(AuthenticationRequest, Response)
    case proceed(RequestID, String?, binding: String? = nil)
    case cancel(RequestID)
    case unreadable(ClientCommandFault.Reason)
    case refused(RequestID, ClientCommandFault.Reason)

    /// - Parameter line: with `⇥` for TAB, without LF.
    init(_ line: String, minor: UInt32 = 2) {
        self.init(bytes: line.onWire, minor: minor)
    }

    init(bytes: [UInt8], minor: UInt32) {
        func text(_ secret: borrowing Secret) -> String {
            secret.withBytes { span in String(decoding: span.indices.map { span[$0] }, as: UTF8.self) }
        }
        do throws(ClientCommandFault) {
            switch try ClientCommand(parsing: bytes.span, minorVersion: minor) {
            case .version(let version): self = .version(version.major, version.minor)
            case .processID(let number): self = .processID(number)
            case .authenticate(let request, .absent): self = .authenticate(request, .absent)
            case .authenticate(let request, .malformed): self = .authenticate(request, .malformed)
            case .authenticate(let request, .given(let secret)): self = .authenticate(request, .given(text(secret)))
            case .proceed(let id, .some(let secret), let binding):
                self = .proceed(id, text(secret), binding: binding.map { String(decoding: $0, as: UTF8.self) })
            case .proceed(let id, .none, let binding):
                self = .proceed(id, nil, binding: binding.map { String(decoding: $0, as: UTF8.self) })
            case .cancel(let id): self = .cancel(id)
            }
        } catch {
            switch error {
            case .unreadable(let reason): self = .unreadable(reason)
            case .refused(let id, let reason): self = .refused(id, reason)
            }
        }
    }

    var request: AuthenticationRequest? {
        if case .authenticate(let request, _) = self { request } else { nil }
    }

    var response: Response? {
        if case .authenticate(_, let response) = self { response } else { nil }
    }
}

extension String {
    /// The bytes of a line written with `⇥` for TAB and `␁` for 0x01.
    var onWire: [UInt8] {
        Array(
            unicodeScalars.flatMap { scalar -> [UInt8] in
                switch scalar {
                case "⇥": [0x09]
                case "␁": [0x01]
                default: Array(String(Character(scalar)).utf8)
                }
            })
    }

    /// The text of bytes that went over the wire, with `⇥` for TAB and `␁` for 0x01.
    init(wire bytes: [UInt8]) {
        self = String(decoding: bytes, as: UTF8.self)
            .replacing("\t", with: "⇥").replacing("\u{1}", with: "␁")
    }
}
