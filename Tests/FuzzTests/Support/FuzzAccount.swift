import PasswordSchemes
import SASLMechanisms
import Secrets

/// The one user of all databases here: alice, whose password is `secret`.
enum FuzzAccount {
    static let user = "alice"
    static var password: Secret { Secret(copying: Array("secret".utf8).span) }

    /// What is stored of the password, derived once and as cheaply as the grammar allows.
    static func credential(_ kind: CredentialKind) -> StoredCredential? {
        switch kind {
        case .scram(let hash): scram[hash].map { .scram($0) }
        case .cramMD5: .cramMD5(CramMD5Context(password: password))
        case .digestMD5(let user, let realm):
            .digestMD5(DigestMD5Key(user: user.span, realm: realm.span, password: password))
        }
    }

    private static let scram: [SCRAMHash: SCRAMCredentials] = {
        var credentials: [SCRAMHash: SCRAMCredentials] = [:]
        for hash in SCRAMHash.allCases {
            credentials[hash] = SCRAMCredentials(
                password: password, salt: Array("saltsaltsaltsalt".utf8), iterations: 1, hash: hash)
        }
        return credentials
    }()
}
