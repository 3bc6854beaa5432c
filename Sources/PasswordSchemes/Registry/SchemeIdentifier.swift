/// Every scheme, one case for each name.
enum SchemeIdentifier: UInt8, Sendable, Hashable, CaseIterable {
    case plain, clear, cleartext, plainTruncated
    case crypt, blowfishCrypt, sha512Crypt, sha256Crypt, md5Crypt, md5, desCrypt
    case sha, sha1, sha256, sha512
    case saltedSHA, saltedSHA256, saltedSHA512, saltedMD5
    case ldapMD5, plainMD5, plainMD4, ntlm
    case cramMD5, hmacMD5, digestMD5, scramSHA1, scramSHA256
    case argon2, argon2i, argon2id, pbkdf2, otp
}
