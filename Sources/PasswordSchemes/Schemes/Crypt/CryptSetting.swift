internal import CCrypt

/// The text that tells crypt(3) method, cost and salt of a new hash.
enum CryptSetting {
    static func make(
        _ method: CryptMethod, _ request: borrowing GenerationRequest
    ) throws(PasswordSchemeError) -> [UInt8] {
        switch method {
        case .sha512, .sha256:
            // Written here because crypt_gensalt(3) takes random bytes, while Dovecot and `-S` of mkpasswd let one
            // give the salt's characters; 5000 rounds are left out, as everywhere.
            let rounds = try request.rounds(default: 5000, in: 1000...999_999_999)
            let salt = try text(request.saltText(count: 16), 1...16, request)
            return Array("\(method.prefix)\(rounds == 5000 ? "" : "rounds=\(rounds)$")".utf8) + salt
        case .md5:
            return try Array(method.prefix.utf8) + text(request.saltText(count: 8), 1...8, request)
        case .des:
            return try text(request.saltText(count: 2), 2...2, request)
        case .yescrypt, .gostYescrypt, .scrypt, .bcrypt, .sha1, .sunMD5, .bsdi, .nt:
            return try libraryMade(method, request)
        }
    }

    private static func text(
        _ salt: [UInt8], _ lengths: ClosedRange<Int>, _ request: borrowing GenerationRequest
    ) throws(PasswordSchemeError) -> [UInt8] {
        guard lengths ~= salt.count, salt.allSatisfy({ CryptDigits.value(of: $0) != nil }) else {
            throw PasswordSchemeError(
                .unsuitableParameter, request.scheme, "the salt has a wrong length or characters that crypt(3) lacks")
        }
        return salt
    }

    private static func libraryMade(
        _ method: CryptMethod, _ request: borrowing GenerationRequest
    ) throws(PasswordSchemeError) -> [UInt8] {
        // 0 is the library's default. Dovecot's for bcrypt is 5, under two milliseconds; 10 takes about fifty.
        let rounds = request.parameters.rounds ?? (method == .bcrypt ? 10 : 0)
        let salt = request.salt(count: 16)
        guard let rounds = UInt(exactly: rounds), let saltSize = CInt(exactly: salt.count) else {
            throw PasswordSchemeError(.unsuitableParameter, request.scheme, "the rounds can't be negative")
        }
        var output = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let size = CInt(output.count)
        // The pointers live for the call; the result is output's own address, or null.
        let made = unsafe salt.withUnsafeBytes { salt in
            unsafe crypt_gensalt_rn(
                method.prefix, rounds, salt.baseAddress?.assumingMemoryBound(to: CChar.self), saltSize, &output, size)
                != nil
        }
        guard made, let end = output.firstIndex(of: 0) else {
            throw PasswordSchemeError(
                .unsuitableParameter, request.scheme, "crypt(3) does not take the rounds or the salt")
        }
        return output[..<end].map { UInt8(bitPattern: $0) }
    }
}
