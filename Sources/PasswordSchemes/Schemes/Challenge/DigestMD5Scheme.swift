internal import Secrets

/// DIGEST-MD5.
struct DigestMD5Scheme: SchemeImplementation {
    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        guard let key = data.withBytes({ DigestMD5Key(bytes: $0) }) else {
            throw PasswordSchemeError(.malformed, scheme, "the data have the wrong length")
        }
        return .cheap(DigestMD5Hash(key: key))
    }

    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        guard !request.user.isEmpty else {
            throw PasswordSchemeError(.needsUser, request.scheme, "the user name is part of the hash and must be given")
        }
        return DigestMD5Key(login: request.user, password: password).bytes.withSecret { $0.clone() }
    }
}

final class DigestMD5Hash: CheapHash {
    let key: DigestMD5Key

    init(key: DigestMD5Key) {
        self.key = key
    }

    func matches(_ password: borrowing Secret, user: String) -> Bool {
        let computed = DigestMD5Key(login: user, password: password)
        return computed.bytes.withSecret { computed in
            computed.withBytes { computed in
                key.bytes.withSecret { stored in stored.withBytes { equalInConstantTime($0, computed) } }
            }
        }
    }
}
