import SASLMechanisms
import Secrets

/// A step as a value that can be compared: the machine's own steps hold secrets and can't be copied.
enum StepRecord: Equatable {
    case challenge(String)
    case challengeWithChannelBinding(String, ChannelBindingType)
    case claim(Identity)
    case check(Identity, password: String)
    case fetch(Identity, CredentialKind)
    case validate(user: String, token: String, host: String?, port: UInt16?)
    case admitAnonymous(trace: String)
    case succeed(String?)
    case fail(MechanismFailure)

    var isFinal: Bool {
        switch self {
        case .succeed, .fail: true
        default: false
        }
    }

    init(_ step: consuming MechanismStep) {
        switch consume step {
        case .challenge(let message): self = .challenge(String(decoding: message, as: UTF8.self))
        case .challengeWithChannelBinding(let message, let type):
            self = .challengeWithChannelBinding(String(decoding: message, as: UTF8.self), type)
        case .claim(let identity): self = .claim(identity)
        case .check(let identity, let password): self = .check(identity, password: password.testText)
        case .fetch(let identity, let kind): self = .fetch(identity, kind)
        case .validate(let token):
            self = .validate(user: token.user, token: token.token.testText, host: token.host, port: token.port)
        case .admitAnonymous(let trace): self = .admitAnonymous(trace: trace)
        case .succeed(let message): self = .succeed(message.map { String(decoding: $0, as: UTF8.self) })
        case .fail(let failure): self = .fail(failure)
        }
    }
}

extension Secret {
    /// Test passwords are no secrets.
    var testText: String {
        withBytes { bytes in
            var text: [UInt8] = []
            for index in bytes.indices { text.append(bytes[index]) }
            return String(decoding: text, as: UTF8.self)
        }
    }
}
