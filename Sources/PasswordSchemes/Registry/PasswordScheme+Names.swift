extension PasswordScheme {
    /// The password itself.
    public static let plain = PasswordScheme(.plain)

    /// Any hash that crypt(3) knows; Dovecot's default scheme of passwd-file, shadow and LDAP.
    public static let crypt = PasswordScheme(.crypt)

    /// `$2y$` hashes.
    public static let blowfishCrypt = PasswordScheme(.blowfishCrypt)

    /// `$6$` hashes.
    public static let sha512Crypt = PasswordScheme(.sha512Crypt)

    /// MD5-CRYPT or PLAIN-MD5; the default scheme of SQL databases in Dovecot 2.3.
    public static let md5 = PasswordScheme(.md5)
}
