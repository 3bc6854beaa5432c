internal import PasswordSchemes
internal import SASLMechanisms
internal import Secrets

/// Makes of a stored password what a challenge-response mechanism needs.
struct CredentialDerivation {
    enum Result {
        case ready(StoredCredential)
        /// The keys have to be derived by many rounds: not on an event loop.
        case costly
        /// The log says why.
        case unavailable(String)
    }

    let kind: CredentialKind
    /// The name under which the databases look.
    let user: String
    let decoys: DecoySecret

    /// Derives it if that is cheap.
    func immediately(from stored: StoredPassword) -> Result {
        switch kind {
        case .scram(let hash):
            if let credentials = stored.scramCredentials(hash) { return .ready(.scram(credentials)) }
            return stored.plainText == nil ? unavailable(stored) : .costly
        case .cramMD5:
            guard let context = stored.cramMD5Context else { return unavailable(stored) }
            return .ready(.cramMD5(context))
        case .digestMD5(let user, let realm):
            guard let key = stored.digestMD5Key(user: user.span, realm: realm.span) else { return unavailable(stored) }
            return .ready(.digestMD5(key))
        }
    }

    /// Derives it, however long that takes.
    func eventually(from stored: StoredPassword) -> Result {
        guard case .costly = immediately(from: stored), case .scram(let hash) = kind, let password = stored.plainText
        else { return immediately(from: stored) }
        let credentials = password.withSecret { password in
            SCRAMCredentials(plainPassword: password, user: user, hash: hash, decoys: decoys)
        }
        return credentials.map { .ready(.scram($0)) } ?? unavailable(stored)
    }

    private func unavailable(_ stored: StoredPassword) -> Result {
        .unavailable("Requested \(kind.schemeName) scheme, but we have only \(stored.scheme.name)")
    }
}

extension CredentialKind {
    /// The scheme that holds it.
    var schemeName: String {
        switch self {
        case .scram(.sha1): "SCRAM-SHA-1"
        case .scram(.sha256): "SCRAM-SHA-256"
        case .scram(.sha512): "SCRAM-SHA-512"
        case .cramMD5: "CRAM-MD5"
        case .digestMD5: "DIGEST-MD5"
        }
    }
}
