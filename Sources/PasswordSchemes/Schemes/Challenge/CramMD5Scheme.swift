internal import Secrets

/// CRAM-MD5 and HMAC-MD5.
struct CramMD5Scheme: SchemeImplementation {
    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        guard let context = data.withBytes({ CramMD5Context(bytes: $0) }) else {
            throw PasswordSchemeError(.malformed, scheme, "the data have the wrong length")
        }
        return .cheap(CramMD5Hash(context: context))
    }

    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        if KeyDerivation.isAmbiguous(password) { throw KeyDerivation.ambiguousPassword(request.scheme) }
        return CramMD5Context(password: password).bytes.withSecret { $0.clone() }
    }
}

final class CramMD5Hash: CheapHash {
    let context: CramMD5Context

    init(context: CramMD5Context) {
        self.context = context
    }

    func matches(_ password: borrowing Secret, user: String) -> Bool {
        if KeyDerivation.isAmbiguous(password) { return false }
        let computed = CramMD5Context(password: password)
        return computed.bytes.withSecret { computed in
            computed.withBytes { computed in
                context.bytes.withSecret { stored in stored.withBytes { equalInConstantTime($0, computed) } }
            }
        }
    }
}
