public import Secrets

/// The client's side of ANONYMOUS (RFC 4505).
public struct AnonymousClientMechanism: ~Copyable, ClientMechanism {
    public let name = "ANONYMOUS"
    private let trace: String
    private let sendsInitialResponse: Bool
    private var isSent = false

    /// - Parameters:
    ///   - trace: a mail address or anything else, for the server's log; 255 characters at most.
    ///   - initialResponse: false to wait for the server's empty challenge.
    public init(trace: String = "", initialResponse: Bool = true) {
        self.trace = String(String.UnicodeScalarView(trace.unicodeScalars.prefix(255)))
        sendsInitialResponse = initialResponse
    }

    public mutating func initialResponse() -> Secret? {
        guard sendsInitialResponse else { return nil }
        isSent = true
        return Secret(copying: Array(trace.utf8).span)
    }

    public mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
        guard !isSent else {
            throw ClientMechanismFailure("the server asks for more than the one message that ANONYMOUS has")
        }
        isSent = true
        return Secret(copying: Array(trace.utf8).span)
    }
}
