internal import PasswordSchemes
internal import Secrets

/// What both sides of a DIGEST-MD5 exchange put into their digests (RFC 2831 section 2.1.2.1, qop=auth).
struct DigestExchange: Equatable {
    var nonce: [UInt8]
    var clientNonce: [UInt8]
    var nonceCount: [UInt8]
    var protection: [UInt8]
    var digestURI: [UInt8]
    var authorizationID: [UInt8]?

    /// The `response` of the client, in 32 small digits.
    func clientResponse(_ key: DigestMD5Key) -> [UInt8] {
        response(key, prefix: "AUTHENTICATE:")
    }

    /// The `rspauth` of the server, in 32 small digits.
    func serverResponse(_ key: DigestMD5Key) -> [UInt8] {
        response(key, prefix: ":")
    }

    private func response(_ key: DigestMD5Key, prefix: String) -> [UInt8] {
        let colon = [UInt8(ascii: ":")]
        var session = colon + nonce + colon + clientNonce
        if let authorizationID { session += colon + authorizationID }
        // With md5-sess, the secret of the session: of no use for another nonce.
        let sessionKey = key.bytes.withSecret { key in
            key.withBytes { key in DigestAlgorithm.md5.digest(key, session.span) }
        }
        let uri = Array(prefix.utf8) + digestURI
        let action = DigestAlgorithm.md5.digest(uri.span).withBytes { $0.hexadecimal }
        let joined = [sessionKey.withBytes { $0.hexadecimal }, nonce, nonceCount, clientNonce, protection, action]
            .joined(separator: colon)
        return DigestAlgorithm.md5.digest(Array(joined).span).withBytes { $0.hexadecimal }
    }
}
