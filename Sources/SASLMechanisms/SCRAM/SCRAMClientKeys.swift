internal import PasswordSchemes
internal import Secrets

/// What a client computes of its password (RFC 5802 section 3).
struct SCRAMClientKeys: ~Copyable {
    private let derivation: KeyDerivation
    private let clientKey: Secret
    private let serverKey: Secret

    /// Costly: milliseconds to seconds. nil if the iterations are more than 32 bits hold.
    init?(password: borrowing Secret, salt: [UInt8], iterations: Int, hash: SCRAMHash) {
        let derivation = hash.derivation
        let salted = password.withBytes { derivation.pbkdf2($0, salt: salt.span, rounds: iterations) }
        guard let salted else { return nil }
        self.derivation = derivation
        clientKey = salted.withBytes { derivation.hmac(key: $0, Array("Client Key".utf8).span) }
        serverKey = salted.withBytes { derivation.hmac(key: $0, Array("Server Key".utf8).span) }
    }

    /// ClientProof.
    func proof(authMessage: [UInt8]) -> [UInt8] {
        clientKey.withBytes { clientKey in
            let storedKey = derivation.digest.digest(clientKey)
            let signature = storedKey.withBytes { derivation.hmac(key: $0, authMessage.span) }
            return signature.withBytes { signature in clientKey.indices.map { clientKey[$0] ^ signature[$0] } }
        }
    }

    /// ServerSignature.
    func serverSignature(authMessage: [UInt8]) -> [UInt8] {
        serverKey.withBytes { serverKey in
            derivation.hmac(key: serverKey, authMessage.span).withBytes { bytes in bytes.indices.map { bytes[$0] } }
        }
    }
}
