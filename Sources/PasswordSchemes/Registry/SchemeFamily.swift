/// Schemes whose data have the same meaning, as Dovecot's challenge-response lookups see it.
///
/// Dovecot takes two schemes for aliases if they share the function that generates them.
enum SchemeFamily: Sendable, Hashable {
    case plain, crypt, sha256Crypt, sha512Crypt, md5Crypt, desCrypt
    case sha1, sha256, sha512, saltedSHA1, saltedSHA256, saltedSHA512, saltedMD5
    case md5, md4, ntlm, cramMD5, digestMD5, scramSHA1, scramSHA256, pbkdf2, argon2, argon2i, otp
}
