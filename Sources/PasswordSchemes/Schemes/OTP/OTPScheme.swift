internal import Secrets

/// OTP: `sha1 1024 seed hex`, the next one-time password (RFC 2289) of a pass phrase that is checked as a whole.
struct OTPScheme: SchemeImplementation {
    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        guard let hash = data.withBytes(OTPHash.init(parsing:)) else {
            throw PasswordSchemeError(.malformed, scheme, "it must have the form algorithm sequence seed hash")
        }
        return .costly(hash)
    }

    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        let sequence = try request.rounds(default: 1024, in: 1...OTPHash.longestSequence)
        let random = Secret(copying: request.salt(count: 8).span)
        let seed = random.withBytes { random in
            Secret(capacity: random.count * 2) { Hexadecimal.encode(random, into: &$0) }
        }
        let seedText = seed.withBytes { Array(copying: $0) }
        // RFC 2289 section 6.0: one to sixteen letters and digits.
        guard 1...16 ~= seedText.count else {
            throw PasswordSchemeError(.unsuitableParameter, request.scheme, "the salt must have 1 to 8 bytes")
        }
        let hash = OTPHash.compute(.sha1, seed: seedText, sequence: sequence, password)
        let front = Array("sha1 \(sequence) ".utf8) + seedText + [UInt8(ascii: " ")]
        return hash.withBytes { hash in
            Secret(capacity: front.count + 16) { output in
                output.append(copying: front.span)
                Hexadecimal.encode(hash, into: &output)
            }
        }
    }
}
