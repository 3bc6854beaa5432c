internal import Secrets

/// MD5: MD5-CRYPT or PLAIN-MD5, whichever the data look like; MD5-CRYPT is generated.
struct MD5Scheme: SchemeImplementation {
    private let crypt = CryptScheme(.md5, only: "$1$")

    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        if data.withBytes({ $0.starts(with: "$1$") }) {
            return try crypt.parse(data, of: scheme)
        }
        return try data.withBytes { (data) throws(PasswordSchemeError) -> StoredHash in
            try StoredPassword(data: data, scheme: PasswordScheme(.plainMD5)).hash
        }
    }

    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        try crypt.generate(password, request, using: &workspace)
    }
}
