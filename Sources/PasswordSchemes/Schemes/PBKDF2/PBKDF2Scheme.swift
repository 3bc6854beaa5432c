internal import Secrets

/// PBKDF2 as Dovecot writes it: `$1$salt$rounds$hex`, HMAC-SHA-1, twenty bytes, the salt's text taken as it is.
struct PBKDF2Scheme: SchemeImplementation {
    private static let dollar = UInt8(ascii: "$")

    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        .costly(try data.withBytes { (text) throws(PasswordSchemeError) in try Self.parse(text, of: scheme) })
    }

    private static func parse(
        _ text: Span<UInt8>, of scheme: PasswordScheme
    ) throws(PasswordSchemeError) -> PBKDF2Hash {
        guard text.starts(with: "$1$"),
            let saltEnd = text.firstIndex(of: dollar, from: 3),
            let roundsEnd = text.firstIndex(of: dollar, from: saltEnd + 1),
            let rounds = text.extracting((saltEnd + 1)..<roundsEnd).decimal
        else { throw PasswordSchemeError(.malformed, scheme, "it must have the form $1$salt$rounds$hash") }
        // C strings end at a NUL, so no such salt was ever hashed by Dovecot.
        let salt = text.extracting(3..<saltEnd)
        guard salt.firstIndex(of: 0) == nil, 1...Int(UInt32.max) ~= rounds else {
            throw PasswordSchemeError(.malformed, scheme, "the salt or the rounds can't be used")
        }
        guard let key = Hexadecimal.decode(text.extracting((roundsEnd + 1)..<text.count)),
            key.count == KeyDerivation.sha1.size
        else { throw PasswordSchemeError(.malformed, scheme, "the hash must be 40 hexadecimal digits") }
        return PBKDF2Hash(salt: Array(copying: salt), rounds: rounds, key: key)
    }

    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        if KeyDerivation.isAmbiguous(password) { throw KeyDerivation.ambiguousPassword(request.scheme) }
        let rounds = try request.rounds(default: 5000, in: 1...Int(UInt32.max))
        try workspace.limits.check(KeyDerivation.sha1.cost(rounds: rounds), of: request.scheme)
        let salt = request.saltText(count: 16)
        guard salt.count <= 64, !salt.contains(Self.dollar), !salt.contains(0) else {
            throw PasswordSchemeError(
                .unsuitableParameter, request.scheme, "the salt must have 64 bytes at most and no dollar sign or NUL")
        }
        let key = password.withBytes { KeyDerivation.sha1.pbkdf2($0, salt: salt.span, rounds: rounds) }
        guard let key else { throw PasswordSchemeError(.unavailable, request.scheme, "PBKDF2 failed") }
        let front = Array("$1$".utf8) + salt + Array("$\(rounds)$".utf8)
        return key.withBytes { key in
            Secret(capacity: front.count + 40) { output in
                output.append(copying: front.span)
                Hexadecimal.encode(key, into: &output)
            }
        }
    }
}

final class PBKDF2Hash: CostlyHash {
    let salt: [UInt8]
    let rounds: Int
    let key: Secret

    init(salt: [UInt8], rounds: Int, key: consuming Secret) {
        self.salt = salt
        self.rounds = rounds
        self.key = key
    }

    var cost: HashingCost { KeyDerivation.sha1.cost(rounds: rounds) }

    func matches(
        _ password: borrowing Secret, of scheme: PasswordScheme, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Bool {
        if KeyDerivation.isAmbiguous(password) { return false }
        let salt = salt
        let computed = password.withBytes { KeyDerivation.sha1.pbkdf2($0, salt: salt.span, rounds: rounds) }
        guard let computed else { throw PasswordSchemeError(.unavailable, scheme, "PBKDF2 failed") }
        return computed.withBytes { computed in
            key.withBytes { equalInConstantTime($0, computed) }
        }
    }
}
