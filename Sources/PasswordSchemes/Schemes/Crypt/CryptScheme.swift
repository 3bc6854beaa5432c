internal import CCrypt
internal import Glibc
internal import Secrets

/// CRYPT and its named kinds, through libxcrypt.
///
/// As in Dovecot, a name such as SHA512-CRYPT says what is generated, while its data may be of any kind; only
/// BLF-CRYPT and MD5-CRYPT insist on their own.
struct CryptScheme: SchemeImplementation {
    let method: CryptMethod
    let requiredPrefix: String

    init(_ method: CryptMethod, only requiredPrefix: String = "") {
        self.method = method
        self.requiredPrefix = requiredPrefix
    }

    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        let cost = try data.withBytes { (text) throws(PasswordSchemeError) -> HashingCost? in
            // An empty field matches nothing, and `*` or `!` lock an account: crypt(3) never makes such text.
            if text.count == 0 || text[0] == UInt8(ascii: "*") || text[0] == UInt8(ascii: "!") { return nil }
            guard text.count <= CryptLimits.setting else {
                throw PasswordSchemeError(.malformed, scheme, "it is longer than any crypt(3) hash")
            }
            guard text.firstIndex(of: 0) == nil, text.starts(with: requiredPrefix),
                let method = CryptMethod(of: text)
            else { throw PasswordSchemeError(.malformed, scheme, "it is no crypt(3) hash of a known kind") }
            guard let cost = CryptCost.estimate(text, method) else {
                throw PasswordSchemeError(.malformed, scheme, "its cost parameters can't be read")
            }
            return cost
        }
        guard let cost else { return .never }
        return .costly(CryptHash(text: data, cost: cost))
    }

    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        let scheme = request.scheme
        let method = scheme.identifier == .crypt ? request.parameters.cryptMethod ?? self.method : self.method
        let setting = try CryptSetting.make(method, request)
        guard let cost = CryptCost.estimate(setting.span, method) else {
            throw PasswordSchemeError(.unsuitableParameter, scheme, "crypt(3) does not take the rounds or the salt")
        }
        try workspace.limits.check(cost, of: scheme)
        guard password.withBytes(CryptHash.isSuitable) else {
            throw PasswordSchemeError(
                .unsuitablePassword, scheme, "crypt(3) takes passwords of up to 511 bytes without NUL")
        }
        let hash = password.withBytes { phrase in
            workspace.crypt(phrase, setting: setting.span) { Array(copying: $0) }
        }
        guard let hash else { throw CryptHash.failure(errno, of: scheme) }
        return Secret(copying: hash.span)
    }
}
