/// Every scheme, one case for each name.
enum SchemeIdentifier: UInt8, Sendable, Hashable, CaseIterable {
    case plain, clear, cleartext, plainTruncated
    case crypt, blowfishCrypt, sha512Crypt, sha256Crypt, md5Crypt, md5, desCrypt
    case sha, sha1, sha256, sha512
    case saltedSHA, saltedSHA256, saltedSHA512, saltedMD5
    case ldapMD5, plainMD5, plainMD4
}
