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
        return .cheap(SaltedDigestHash(algorithm: algorithm, data: SharedSecret(data)))
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

struct SaltedDigestHash: CheapHash {
    let algorithm: DigestAlgorithm
    let data: SharedSecret

    func matches(_ password: borrowing Secret, user: String) -> Bool {
        data.withSecret { data in
            data.withBytes { data in
                let salt = data.extracting(algorithm.size..<data.count)
                let computed = password.withBytes { algorithm.digest($0, salt) }
                return computed.withBytes { equalInConstantTime($0, data.extracting(0..<algorithm.size)) }
            }
        }
    }
}
