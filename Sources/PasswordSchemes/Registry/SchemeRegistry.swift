extension SchemeDefinition {
    /// The registry: names, encodings, sizes and weakness as in Dovecot 2.3.19 and 2.4.
    convenience init(of identifier: SchemeIdentifier) {
        switch identifier {
        case .plain: self.init("PLAIN", .plain, PlainScheme())
        case .clear: self.init("CLEAR", .plain, PlainScheme())
        case .cleartext: self.init("CLEARTEXT", .plain, PlainScheme())
        case .plainTruncated: self.init("PLAIN-TRUNC", .plain, PlainTruncatedScheme())

        case .crypt: self.init("CRYPT", .crypt, CryptScheme(.yescrypt))
        case .blowfishCrypt: self.init("BLF-CRYPT", .crypt, CryptScheme(.bcrypt, only: "$2"))
        case .sha512Crypt: self.init("SHA512-CRYPT", .sha512Crypt, CryptScheme(.sha512))
        case .sha256Crypt: self.init("SHA256-CRYPT", .sha256Crypt, CryptScheme(.sha256))
        case .md5Crypt: self.init("MD5-CRYPT", .md5Crypt, CryptScheme(.md5, only: "$1$"), isWeak: true)
        case .md5: self.init("MD5", .md5Crypt, MD5Scheme(), isWeak: true)
        case .desCrypt: self.init("DES-CRYPT", .desCrypt, CryptScheme(.des), isWeak: true)

        case .sha: self.init("SHA", .sha1, DigestScheme(.sha1), as: .base64, size: 20)
        case .sha1: self.init("SHA1", .sha1, DigestScheme(.sha1), as: .base64, size: 20)
        case .sha256: self.init("SHA256", .sha256, DigestScheme(.sha256), as: .base64, size: 32)
        case .sha512: self.init("SHA512", .sha512, DigestScheme(.sha512), as: .base64, size: 64)

        case .saltedSHA: self.init("SSHA", .saltedSHA1, SaltedDigestScheme(.sha1), as: .base64)
        case .saltedSHA256: self.init("SSHA256", .saltedSHA256, SaltedDigestScheme(.sha256), as: .base64)
        case .saltedSHA512: self.init("SSHA512", .saltedSHA512, SaltedDigestScheme(.sha512), as: .base64)
        case .saltedMD5: self.init("SMD5", .saltedMD5, SaltedDigestScheme(.md5), as: .base64, isWeak: true)

        case .ldapMD5: self.init("LDAP-MD5", .md5, DigestScheme(.md5), as: .base64, size: 16, isWeak: true)
        case .plainMD5: self.init("PLAIN-MD5", .md5, DigestScheme(.md5), as: .hex, size: 16, isWeak: true)
        case .plainMD4: self.init("PLAIN-MD4", .md4, DigestScheme(.md4), as: .hex, size: 16, isWeak: true)
        case .ntlm: self.init("NTLM", .ntlm, NTLMScheme(), as: .hex, size: 16, isWeak: true)

        case .cramMD5: self.init("CRAM-MD5", .cramMD5, CramMD5Scheme(), as: .hex, size: 32)
        case .hmacMD5: self.init("HMAC-MD5", .cramMD5, CramMD5Scheme(), as: .hex, size: 32, isWeak: true)
        case .digestMD5: self.init("DIGEST-MD5", .digestMD5, DigestMD5Scheme(), as: .hex, size: 16)
        case .scramSHA1: self.init("SCRAM-SHA-1", .scramSHA1, SCRAMScheme(.sha1))
        case .scramSHA256: self.init("SCRAM-SHA-256", .scramSHA256, SCRAMScheme(.sha256))

        case .argon2: self.init("ARGON2", .argon2, Argon2Scheme(.id))
        case .argon2i: self.init("ARGON2I", .argon2i, Argon2Scheme(.i))
        case .argon2id: self.init("ARGON2ID", .argon2, Argon2Scheme(.id))
        case .pbkdf2: self.init("PBKDF2", .pbkdf2, PBKDF2Scheme())
        case .otp: self.init("OTP", .otp, OTPScheme())
        }
    }
}
