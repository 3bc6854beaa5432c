internal import CCrypt

/// How much text crypt(3) takes, without the NUL at the end.
enum CryptLimits {
    static let phrase = Int(CRYPT_MAX_PASSPHRASE_SIZE) - 1
    static let setting = Int(CRYPT_OUTPUT_SIZE) - 1
}
