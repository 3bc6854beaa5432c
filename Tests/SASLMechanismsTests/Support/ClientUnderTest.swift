import SASLMechanisms
import Secrets

/// A client mechanism of any kind, driven with text messages.
struct ClientUnderTest: ~Copyable {
    var mechanism: any ClientMechanism & ~Copyable

    init(_ mechanism: consuming any ClientMechanism & ~Copyable) {
        self.mechanism = mechanism
    }

    mutating func initialResponse() -> String? {
        guard let message = mechanism.initialResponse() else { return nil }
        return message.testText
    }

    mutating func respond(to challenge: String) throws(ClientMechanismFailure) -> String {
        try mechanism.respond(to: Array(challenge.utf8).span).testText
    }

    mutating func respond(bytes challenge: [UInt8]) throws(ClientMechanismFailure) -> String {
        try mechanism.respond(to: challenge.span).testText
    }

    mutating func finish(_ message: String? = nil) throws(ClientMechanismFailure) {
        try mechanism.finish(serverMessage: message.map { Array($0.utf8) })
    }
}

extension Secret {
    /// A password of a test.
    init(_ text: String) {
        self.init(copying: Array(text.utf8).span)
    }
}
