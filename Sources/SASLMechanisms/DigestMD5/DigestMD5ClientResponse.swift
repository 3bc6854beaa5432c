/// What a client answers to a DIGEST-MD5 challenge (RFC 2831 section 2.1.2), as Dovecot understands it.
struct DigestMD5ClientResponse: Equatable {
    let exchange: DigestExchange
    let user: [UInt8]
    let realm: [UInt8]
    let identity: Identity
    let response: [UInt8]

    init(_ message: [UInt8], nonce: [UInt8]) throws(MechanismFailure) {
        // RFC 2831 section 2.1.2 has less than 4096 bytes; Dovecot has no limit of its own.
        guard let directives = DigestDirectives(message) else { throw .invalidInput }
        guard let user = try directives.single("username") else { throw .invalidInput }
        guard !user.isEmpty else { throw .emptyUsername }
        guard let given = try directives.single("nonce") else { throw .invalidInput }
        guard given == nonce else { throw .wrongNonce }
        guard
            let clientNonce = try directives.single("cnonce"), !clientNonce.isEmpty,
            clientNonce.count <= MessageLimits.nonce,
            let response = try directives.single("response"), response.count == 32
        else { throw .invalidInput }
        let count = try directives.single("nc") ?? Array("00000001".utf8)
        // A second use of a nonce (RFC 2831 section 2.2) is not on offer.
        guard count.decimal == 1 else { throw .invalidInput }
        let protection = try directives.single("qop") ?? Array("auth".utf8)
        switch String(decoding: protection, as: UTF8.self).lowercased() {
        case "auth": break
        case "auth-int", "auth-conf": throw .unsupportedExtension
        default: throw .invalidInput
        }
        if let charset = try directives.single("charset") {
            guard String(decoding: charset, as: UTF8.self).lowercased() == "utf-8" else { throw .invalidInput }
        }
        if let buffer = try directives.single("maxbuf") {
            guard let size = buffer.decimal, size > 0 else { throw .invalidInput }
        }
        let digestURI = try directives.single("digest-uri")
        // Neither host nor service are compared, as in Dovecot: the realm and the nonce are this server's.
        if let digestURI, !digestURI.contains(UInt8(ascii: "/")) { throw .invalidInput }
        let authorizationID = try directives.single("authzid")
        let realm = try directives.single("realm") ?? []
        identity = try Self.identity(user: user, realm: realm, authorizationID: authorizationID)
        self.user = user
        self.realm = realm
        self.response = response
        exchange = DigestExchange(
            nonce: nonce, clientNonce: clientNonce, nonceCount: count, protection: protection,
            digestURI: digestURI ?? [], authorizationID: authorizationID)
    }

    /// The login name as Dovecot puts it together: the realm is its domain, if it has none.
    private static func identity(
        user: [UInt8], realm: [UInt8], authorizationID: [UInt8]?
    ) throws(MechanismFailure) -> Identity {
        let at = UInt8(ascii: "@")
        let login = realm.isEmpty || user.contains(at) ? user : user + [at] + realm
        guard let name = login.name else { throw .invalidInput }
        guard let authorizationID else { return Identity(authenticationID: name) }
        guard let target = authorizationID.name, !target.isEmpty else { throw .invalidInput }
        return Identity(name, actingAs: target)
    }
}
