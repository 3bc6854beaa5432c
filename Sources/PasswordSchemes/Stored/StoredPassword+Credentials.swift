public import Secrets

extension StoredPassword {
    /// The password itself, if the data hold it: PLAIN and its aliases.
    ///
    /// Challenge-response mechanisms derive what they need from it.
    public var plainText: SharedSecret? {
        guard case .cheap(let hash) = hash else { return nil }
        if let hash = hash as? PlainHash { return hash.text }
        // A text that was cut at its limit is not the password.
        if let hash = hash as? PlainTruncatedHash, hash.text.withSecret({ $0.count < hash.limit }) { return hash.text }
        return nil
    }

    /// The SCRAM record of this hash function, if the data are one; derive one from ``plainText`` otherwise.
    public func scramCredentials(_ function: SCRAMHash) -> SCRAMCredentials? {
        guard case .costly(let hash) = hash, let hash = hash as? SCRAMStoredHash else { return nil }
        return hash.credentials.hash == function ? hash.credentials : nil
    }

    /// The CRAM-MD5 context, stored or derived from the plain password; nil if the data allow neither.
    public var cramMD5Context: CramMD5Context? {
        if case .cheap(let hash) = hash, let hash = hash as? CramMD5Hash { return hash.context }
        return plainText?.withSecret { CramMD5Context(password: $0) }
    }

    /// The DIGEST-MD5 key, stored or derived from the plain password; nil if the data allow neither.
    ///
    /// - Parameter login: The login name with the realm behind its last `@`; a stored key has it built in already.
    public func digestMD5Key(login: String) -> DigestMD5Key? {
        if case .cheap(let hash) = hash, let hash = hash as? DigestMD5Hash { return hash.key }
        return plainText?.withSecret { DigestMD5Key(login: login, password: $0) }
    }

    /// The DIGEST-MD5 key for a name and a realm as the client sent them; a stored key has its own built in already.
    public func digestMD5Key(user: Span<UInt8>, realm: Span<UInt8>) -> DigestMD5Key? {
        if case .cheap(let hash) = hash, let hash = hash as? DigestMD5Hash { return hash.key }
        return plainText?.withSecret { DigestMD5Key(user: user, realm: realm, password: $0) }
    }
}
