internal import Secrets

/// SCRAM-SHA-1 and SCRAM-SHA-256.
struct SCRAMScheme: SchemeImplementation {
    let hash: SCRAMHash

    init(_ hash: SCRAMHash) {
        self.hash = hash
    }

    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        guard let credentials = data.withBytes({ SCRAMCredentials(parsing: $0, hash: hash) }) else {
            throw PasswordSchemeError(
                .malformed, scheme, "it must have the form iterations,salt,StoredKey,ServerKey with 4096 iterations up")
        }
        return .costly(SCRAMStoredHash(credentials: credentials))
    }

    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        if KeyDerivation.isAmbiguous(password) { throw KeyDerivation.ambiguousPassword(request.scheme) }
        let iterations = try request.rounds(default: 4096, in: SCRAMCredentials.iterationRange)
        try workspace.limits.check(hash.derivation.cost(rounds: iterations), of: request.scheme)
        let credentials = SCRAMCredentials(
            password: password, salt: request.salt(count: 16), iterations: iterations, hash: hash)
        guard let credentials else { throw PasswordSchemeError(.unavailable, request.scheme, "PBKDF2 failed") }
        return credentials.text
    }
}

final class SCRAMStoredHash: CostlyHash {
    let credentials: SCRAMCredentials

    init(credentials: SCRAMCredentials) {
        self.credentials = credentials
    }

    var cost: HashingCost { credentials.hash.derivation.cost(rounds: credentials.iterations) }

    func matches(
        _ password: borrowing Secret, of scheme: PasswordScheme, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Bool {
        if KeyDerivation.isAmbiguous(password) { return false }
        let computed = SCRAMCredentials(
            password: password, salt: credentials.salt, iterations: credentials.iterations, hash: credentials.hash)
        guard let computed else { throw PasswordSchemeError(.unavailable, scheme, "PBKDF2 failed") }
        return computed.storedKey.withSecret { computed in
            computed.withBytes { computed in
                credentials.storedKey.withSecret { stored in
                    stored.withBytes { equalInConstantTime($0, computed) }
                }
            }
        }
    }
}
