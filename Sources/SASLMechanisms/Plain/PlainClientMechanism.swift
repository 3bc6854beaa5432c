public import Secrets

/// The client's side of PLAIN (RFC 4616): one message, sent as initial response.
public struct PlainClientMechanism: ~Copyable, ClientMechanism {
    public let name = "PLAIN"
    private var message: Secret?
    private let sendsInitialResponse: Bool

    /// - Parameters:
    ///   - authorizationID: as whom to act, if not as `user`: a master login.
    ///   - initialResponse: false to wait for the server's empty challenge, as mail programs without SASL-IR do.
    public init(
        user: String, password: consuming Secret, authorizationID: String? = nil, initialResponse: Bool = true
    ) {
        let size = (authorizationID?.utf8.count ?? 0) + user.utf8.count + 2 + password.count
        message = Secret(capacity: size) { output in
            for byte in (authorizationID ?? "").utf8 { output.append(byte) }
            output.append(0)
            for byte in user.utf8 { output.append(byte) }
            output.append(0)
            password.withBytes { span in for index in span.indices { output.append(span[index]) } }
        }
        sendsInitialResponse = initialResponse
    }

    /// As above, with names and password prepared (RFC 4616 section 2), for servers that do the same; Dovecot doesn't.
    ///
    /// - Throws: ``StringPreparationError`` if SASLprep forbids one of them.
    public init(
        preparing user: String, password: borrowing Secret, authorizationID: String? = nil,
        initialResponse: Bool = true
    ) throws(StringPreparationError) {
        let user = try SASLprep.prepare(user, as: .query)
        var target: String?
        if let authorizationID { target = try SASLprep.prepare(authorizationID, as: .query) }
        self.init(
            user: user, password: try SASLprep.prepare(password, as: .query), authorizationID: target,
            initialResponse: initialResponse)
    }

    public mutating func initialResponse() -> Secret? {
        sendsInitialResponse ? message.take() : nil
    }

    public mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
        guard let message = message.take() else {
            throw ClientMechanismFailure("the server asks for more than the one message that PLAIN has")
        }
        return message
    }
}
