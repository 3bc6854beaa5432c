internal import Secrets

/// SHA, SHA1, SHA256, SHA512, PLAIN-MD4, PLAIN-MD5, LDAP-MD5: the bare digest of the password.
struct DigestScheme: SchemeImplementation {
    let algorithm: DigestAlgorithm

    init(_ algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
    }

    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        guard data.count == algorithm.size else {
            throw PasswordSchemeError(.malformed, scheme, "the data have the wrong length")
        }
        return .cheap(DigestHash(algorithm: algorithm, digest: SharedSecret(data)))
    }

    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        password.withBytes { algorithm.digest($0) }
    }
}

struct DigestHash: CheapHash {
    let algorithm: DigestAlgorithm
    let digest: SharedSecret

    func matches(_ password: borrowing Secret, user: String) -> Bool {
        let computed = password.withBytes { algorithm.digest($0) }
        return computed.withBytes { computed in
            digest.withSecret { digest in digest.withBytes { equalInConstantTime($0, computed) } }
        }
    }
}
