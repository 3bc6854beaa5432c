public import PasswordSchemes
internal import Secrets

extension DecoySecret {
    /// The salt that a user has who doesn't exist, or whose password is stored in plain text.
    ///
    /// Both must be given the same: a salt that is new each time, as Dovecot makes it from a plain password, would tell
    /// that there is one.
    ///
    /// - Parameter user: the name under which the databases look.
    public func salt(for user: String, hash: SCRAMHash) -> [UInt8] {
        Array(bytes(for: user, purpose: "\(SCRAMServerMechanism.name(hash)) salt").prefix(16))
    }

    /// What a user has who doesn't exist; no proof fits it.
    func credentials(for user: String, hash: SCRAMHash) -> SCRAMCredentials {
        let name = SCRAMServerMechanism.name(hash)
        var keys = bytes(for: user, purpose: "\(name) keys")
        keys = Array((keys + keys).prefix(hash.size))
        let key = SharedSecret(Secret(copying: keys.span))
        return SCRAMCredentials(
            hash: hash, iterations: scramIterations, salt: salt(for: user, hash: hash), storedKey: key, serverKey: key)
    }
}
