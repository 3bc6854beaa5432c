internal import Secrets

/// SSHA, SSHA256, SSHA512, SMD5: the digest of password and salt, then the salt, which may have any length.
struct SaltedDigestScheme: SchemeImplementation {
    let algorithm: DigestAlgorithm

    init(_ algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
    }

    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        // Dovecot too asks for at least one byte of salt.
        guard data.count > algorithm.size else {
            throw PasswordSchemeError(.malformed, scheme, "the data are too short for a digest and a salt")
        }
        return .cheap(SaltedDigestHash(algorithm: algorithm, data: data))
    }

    /// Eight bytes of salt where Dovecot takes four; every reader accepts any number.
    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        let salt = request.salt(count: 8)
        guard 1...64 ~= salt.count else {
            throw PasswordSchemeError(.unsuitableParameter, request.scheme, "the salt must have 1 to 64 bytes")
        }
        let digest = password.withBytes { algorithm.digest($0, salt.span) }
        return digest.withBytes { digest in
            Secret(capacity: digest.count + salt.count) { output in
                output.append(copying: digest)
                output.append(copying: salt.span)
            }
        }
    }
}

final class SaltedDigestHash: CheapHash {
    let algorithm: DigestAlgorithm
    let data: Secret

    init(algorithm: DigestAlgorithm, data: consuming Secret) {
        self.algorithm = algorithm
        self.data = data
    }

    func matches(_ password: borrowing Secret, user: String) -> Bool {
        password.withBytes { password in
            data.withBytes { algorithm.matches(password, $0) }
        }
    }
}
