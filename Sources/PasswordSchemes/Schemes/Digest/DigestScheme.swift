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
        return .cheap(DigestHash(algorithm: algorithm, digest: data))
    }

    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        password.withBytes { algorithm.digest($0) }
    }
}

final class DigestHash: CheapHash {
    let algorithm: DigestAlgorithm
    let digest: Secret

    init(algorithm: DigestAlgorithm, digest: consuming Secret) {
        self.algorithm = algorithm
        self.digest = digest
    }

    func matches(_ password: borrowing Secret, user: String) -> Bool {
        password.withBytes { password in
            digest.withBytes { digest in
                algorithm.withDigest(of: password) { equalInConstantTime($0, digest) }
            }
        }
    }
}
