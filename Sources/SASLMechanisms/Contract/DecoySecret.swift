internal import PasswordSchemes
public import Secrets

/// What the server derives stable decoys from, so that nobody can ask it which users exist.
///
/// The same name gets the same decoy for as long as the secret is the same: keep it over restarts, and share it between
/// servers of one mail domain, or a user whose salt changes is known not to exist.
public struct DecoySecret: Sendable {
    private let secret: SharedSecret

    /// The iteration count of SCRAM decoys, and for users whose password is stored in plain text.
    ///
    /// Set it to what the records in the database have: Dovecot's `doveadm pw` makes 4096.
    public var scramIterations = 4096

    /// - Parameter secret: at least 32 random bytes, for use as a key of HMAC-SHA-256.
    public init(_ secret: SharedSecret) {
        self.secret = secret
    }

    /// A fresh secret; `generator` must be fit for cryptography, as `SystemRandomNumberGenerator` is.
    public init(using generator: inout some RandomNumberGenerator) {
        let bytes = ExchangeRandomness(using: &generator).bytes
        secret = SharedSecret(Secret(copying: bytes.span))
    }

    /// 32 bytes that nobody without the secret can tell from random ones; `purpose` keeps uses apart.
    func bytes(for user: String, purpose: String) -> [UInt8] {
        let message = Array(purpose.utf8) + [0] + Array(user.utf8)
        return secret.withSecret { secret in
            secret.withBytes { key in
                KeyDerivation.sha256.hmac(key: key, message.span).withBytes { bytes in bytes.indices.map { bytes[$0] } }
            }
        }
    }
}
