/// A client's first message (RFC 5802 section 7): `n,a=authzid,n=user,r=nonce`.
struct SCRAMClientFirstMessage {
    let header: GS2Header
    let identity: Identity
    let nonce: [UInt8]
    /// What follows the GS2 header, to the letter.
    let bare: [UInt8]

    init(_ message: [UInt8]) throws(MechanismFailure) {
        header = try GS2Header(message[...])
        bare = Array(message[header.text.count...])
        guard let attributes = SCRAMAttributes(bare[...]) else { throw .invalidInput }
        if attributes.contains("m", from: 0) { throw .unsupportedExtension }
        guard
            let name = attributes.value("n", at: 0), let user = SASLName.decode(name),
            let nonce = attributes.value("r", at: 1), SCRAMAttributes.isNonce(nonce),
            nonce.count <= MessageLimits.nonce,
            !attributes.contains("nr", from: 2)
        else { throw .invalidInput }
        guard !user.isEmpty else { throw .emptyUsername }
        identity = Identity(user, actingAs: header.authorizationID)
        self.nonce = Array(nonce)
    }
}
