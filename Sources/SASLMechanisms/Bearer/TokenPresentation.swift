internal import Secrets

/// The part that the clients of OAUTHBEARER and XOAUTH2 have in common: one message, and an answer to the error report.
struct TokenPresentation: ~Copyable, Sendable {
    private var message: Secret?
    private let acknowledgement: [UInt8]
    private let sendsInitialResponse: Bool
    private var isFinished = false
    /// What the server said of the token.
    private(set) var refusal: String?

    init(front: [UInt8], token: borrowing Secret, acknowledgement: [UInt8], initialResponse: Bool) {
        let label = Array("auth=Bearer ".utf8)
        message = Secret(capacity: front.count + label.count + token.count + 2) { output in
            for byte in front { output.append(byte) }
            for byte in label { output.append(byte) }
            token.withBytes { token in for index in token.indices { output.append(token[index]) } }
            output.append(BearerFields.separator)
            output.append(BearerFields.separator)
        }
        self.acknowledgement = acknowledgement
        sendsInitialResponse = initialResponse
    }

    mutating func initialResponse() -> Secret? {
        sendsInitialResponse ? message.take() : nil
    }

    mutating func respond(to challenge: Span<UInt8>) throws(ClientMechanismFailure) -> Secret {
        if let message = message.take() { return message }
        guard refusal == nil, !isFinished else {
            throw ClientMechanismFailure("the server asks for more after its verdict on the token")
        }
        guard challenge.count <= MessageLimits.message else {
            isFinished = true
            throw ClientMechanismFailure("the server's error report is too long")
        }
        refusal = String(decoding: challenge.indices.map { challenge[$0] }, as: UTF8.self)
        return Secret(copying: acknowledgement.span)
    }

    mutating func finish(serverMessage: [UInt8]?) throws(ClientMechanismFailure) {
        isFinished = true
        guard refusal == nil else {
            throw ClientMechanismFailure("the server reports success after it has refused the token")
        }
        guard serverMessage ?? [] == [] else {
            throw ClientMechanismFailure("the server sends a last message, which token mechanisms do not have")
        }
    }
}
