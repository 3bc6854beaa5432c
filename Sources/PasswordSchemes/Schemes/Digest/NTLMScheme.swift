internal import Secrets

/// NTLM: MD4 of the password in UTF-16, as Windows and Samba store it; Dovecot read it up to 2.2.
struct NTLMScheme: SchemeImplementation {
    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        guard data.count == 16 else {
            throw PasswordSchemeError(.malformed, scheme, "the data have the wrong length")
        }
        return .cheap(NTLMHash(digest: data))
    }

    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        guard let digest = NTLMHash.digest(password) else {
            throw PasswordSchemeError(.unsuitablePassword, request.scheme, "the password must be UTF-8")
        }
        return digest
    }
}

final class NTLMHash: CheapHash {
    let digest: Secret

    init(digest: consuming Secret) {
        self.digest = digest
    }

    func matches(_ password: borrowing Secret, user: String) -> Bool {
        guard let computed = Self.digest(password) else { return false }
        return computed.withBytes { computed in
            digest.withBytes { equalInConstantTime($0, computed) }
        }
    }

    /// nil if the password is not UTF-8.
    static func digest(_ password: borrowing Secret) -> Secret? {
        let text = password.withBytes { password -> Secret? in
            guard let scalars = try? UTF8Span(validating: password) else { return nil }
            // No scalar takes more bytes in UTF-16 than twice those it takes in UTF-8.
            return Secret(capacity: password.count * 2) { output in
                var iterator = scalars.makeUnicodeScalarIterator()
                while let scalar = iterator.next() {
                    for unit in Unicode.UTF16.encode(scalar) ?? Unicode.UTF16.encodedReplacementCharacter {
                        output.append(UInt8(truncatingIfNeeded: unit))
                        output.append(UInt8(truncatingIfNeeded: unit >> 8))
                    }
                }
            }
        }
        return text?.withBytes { DigestAlgorithm.md4.digest($0) }
    }
}
