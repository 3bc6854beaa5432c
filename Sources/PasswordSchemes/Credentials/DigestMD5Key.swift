public import Secrets

/// What a server keeps of a password for DIGEST-MD5 (RFC 2831): MD5 of `user:realm:password`.
///
/// It is as good as the password for DIGEST-MD5 in that realm, so it is kept in wiped storage.
public struct DigestMD5Key: Sendable {
    /// The sixteen bytes.
    public let bytes: SharedSecret

    /// Derives the key; cheap.
    ///
    /// - Parameter login: The login name. What follows its last `@` is the realm, as in Dovecot; without an `@`
    ///   the realm is empty.
    public init(login: String, password: borrowing Secret) {
        var login = login
        login.makeContiguousUTF8()
        let name = login.utf8.span
        var at = name.count
        for index in name.indices where name[index] == UInt8(ascii: "@") { at = index }
        let realm = name.extracting(min(at + 1, name.count)..<name.count)
        self.init(user: name.extracting(0..<at), realm: realm, password: password)
    }

    /// Derives the key for a user of a realm; cheap.
    public init(user: Span<UInt8>, realm: Span<UInt8>, password: borrowing Secret) {
        bytes = SharedSecret(Self.digest(user, realm, password))
        wipeDeadStack()
    }

    @inline(never)
    private static func digest(_ user: Span<UInt8>, _ realm: Span<UInt8>, _ password: borrowing Secret) -> Secret {
        var hash = MD5()
        hash.update(user)
        hash.append(UInt8(ascii: ":"))
        hash.update(realm)
        hash.append(UInt8(ascii: ":"))
        password.withBytes { hash.update($0) }
        return Secret(capacity: 16) { $0.append(words: hash.finish()) }
    }

    /// nil unless there are 16 bytes.
    public init?(bytes: Span<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.bytes = SharedSecret(Secret(copying: bytes))
    }
}
