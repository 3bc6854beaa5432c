internal import CArgon2
internal import Encodings
internal import Secrets

/// ARGON2I, ARGON2ID and 2.4's ARGON2.
///
/// Each verifies both kinds, as Dovecot's do; the name says what is generated.
struct Argon2Scheme: SchemeImplementation {
    let variant: Argon2Parameters.Variant

    init(_ variant: Argon2Parameters.Variant) {
        self.variant = variant
    }

    func parse(_ data: consuming Secret, of scheme: PasswordScheme) throws(PasswordSchemeError) -> StoredHash {
        guard let hash = data.withBytes(Argon2Hash.init(parsing:)) else {
            throw PasswordSchemeError(
                .malformed, scheme, "it must have the form $argon2id$v=19$m=KiB,t=passes,p=lanes$salt$hash")
        }
        return .costly(hash)
    }

    /// 64 MiB and three passes unless asked otherwise: RFC 9106 section 4's second choice, on one lane.
    func generate(
        _ password: borrowing Secret, _ request: borrowing GenerationRequest, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        let passes = try request.rounds(default: 3, in: 1...Int(UInt32.max))
        let memory = request.parameters.memory ?? 65536
        let salt = request.salt(count: 16)
        guard let memory = UInt32(exactly: memory), memory >= 8, Argon2Hash.shortestSalt...64 ~= salt.count else {
            throw PasswordSchemeError(
                .unsuitableParameter, request.scheme, "it takes at least 8 KiB of memory and a salt of 8 to 64 bytes")
        }
        let parameters = Argon2Parameters(
            variant: variant, version: ARGON2_VERSION_13.rawValue, memory: memory,
            passes: UInt32(truncatingIfNeeded: passes), lanes: 1)
        try workspace.limits.check(parameters.cost, of: request.scheme)
        let hash = try Argon2Hash.compute(parameters, salt: salt, size: 32, password, of: request.scheme)
        let front = Array(parameters.text.utf8) + Self.unpadded(salt.span) + [UInt8(ascii: "$")]
        let text = hash.withBytes { Self.unpadded($0) }
        return Secret(capacity: front.count + text.count) { output in
            output.append(copying: front.span)
            output.append(copying: text.span)
        }
    }

    private static func unpadded(_ bytes: Span<UInt8>) -> [UInt8] {
        Base64.encode(bytes).filter { $0 != UInt8(ascii: "=") }
    }
}
