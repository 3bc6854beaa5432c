internal import Encodings
internal import Secrets

/// The server's first message (RFC 5802 section 7): `r=nonce,s=salt,i=iterations`.
struct SCRAMServerFirstMessage {
    let nonce: [UInt8]
    let salt: [UInt8]
    let iterations: Int
    /// The message to the letter.
    let text: [UInt8]

    init(nonce: [UInt8], salt: [UInt8], iterations: Int) {
        self.nonce = nonce
        self.salt = salt
        self.iterations = iterations
        text = Array("r=".utf8) + nonce + Array(",s=".utf8) + Base64.encode(salt.span) + Array(",i=\(iterations)".utf8)
    }

    /// nil if the message is anything else.
    init?(_ message: [UInt8]) {
        guard
            message.count <= MessageLimits.message,
            let attributes = SCRAMAttributes(message[...]),
            let nonce = attributes.value("r", at: 0), SCRAMAttributes.isNonce(nonce),
            let saltText = attributes.value("s", at: 1), let salt = Base64.decode(Array(saltText).span), !salt.isEmpty,
            let digits = attributes.value("i", at: 2), digits.count <= 10,
            digits.allSatisfy({ (0x30...0x39).contains($0) }), digits.first != UInt8(ascii: "0"),
            let iterations = Int(String(decoding: digits, as: UTF8.self)),
            !attributes.contains("mrsi", from: 3)
        else { return nil }
        self.nonce = Array(nonce)
        self.salt = salt.withBytes { salt in salt.indices.map { salt[$0] } }
        self.iterations = iterations
        text = message
    }
}
