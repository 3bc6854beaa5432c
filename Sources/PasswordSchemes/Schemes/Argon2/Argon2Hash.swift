internal import CArgon2
internal import Encodings
internal import Secrets

final class Argon2Hash: CostlyHash {
    let parameters: Argon2Parameters
    let salt: [UInt8]
    let hash: Secret
    let size: Int

    var cost: HashingCost { parameters.cost }

    /// Longer than any tool makes: 64 bytes each of salt and hash fit easily.
    static let longestText = 512

    /// libargon2's own limits, which its header defines in a way that Swift can't see.
    static let shortestSalt = 8
    static let shortestHash = 4

    init?(parsing text: Span<UInt8>) {
        guard text.count <= Self.longestText else { return nil }
        var start = 0
        guard
            let parameters = Argon2Parameters(parsing: text, end: &start),
            let dollar = text.firstIndex(of: UInt8(ascii: "$"), from: start),
            let salt = Self.unpadded(text.extracting(start..<dollar)), salt.count >= Self.shortestSalt,
            let hash = Self.unpadded(text.extracting((dollar + 1)..<text.count)), hash.count >= Self.shortestHash
        else { return nil }
        self.parameters = parameters
        self.salt = salt.withBytes { Array(copying: $0) }
        size = hash.count
        self.hash = hash
    }

    /// Argon2 hashes have base64 without padding.
    private static func unpadded(_ text: Span<UInt8>) -> Secret? {
        guard text.firstIndex(of: UInt8(ascii: "=")) == nil else { return nil }
        let padded = Secret(capacity: text.count + 2) { output in
            output.append(copying: text)
            for _ in 0..<((4 - text.count % 4) % 4) where output.freeCapacity > 0 { output.append(UInt8(ascii: "=")) }
        }
        return padded.withBytes { Base64.decode($0) }
    }

    func matches(
        _ password: borrowing Secret, of scheme: PasswordScheme, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Bool {
        let computed = try Self.compute(parameters, salt: salt, size: size, password, of: scheme)
        return computed.withBytes { computed in
            hash.withBytes { equalInConstantTime($0, computed) }
        }
    }

    /// Runs libargon2, on the calling thread alone: the pool already keeps every core busy.
    static func compute(
        _ parameters: Argon2Parameters, salt: [UInt8], size: Int, _ password: borrowing Secret,
        of scheme: PasswordScheme
    ) throws(PasswordSchemeError) -> Secret {
        var result: CInt = 0
        var salt = salt
        let hash = Secret(capacity: size) { output in
            // The library reads password and salt and writes the hash within this call, and keeps nothing. It is told
            // not to clear the password, so the pointer may be taken from a constant.
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                unsafe buffer.initialize(repeating: 0)
                unsafe password.withUnsafeBytes { password in
                    unsafe salt.withUnsafeMutableBufferPointer { salt in
                        var context = unsafe argon2_context()
                        unsafe context.out = buffer.baseAddress
                        unsafe context.outlen = UInt32(truncatingIfNeeded: buffer.count)
                        unsafe context.pwd = UnsafeMutablePointer(mutating: password.baseAddress)
                        unsafe context.pwdlen = UInt32(truncatingIfNeeded: password.count)
                        unsafe context.salt = salt.baseAddress
                        unsafe context.saltlen = UInt32(truncatingIfNeeded: salt.count)
                        unsafe context.t_cost = parameters.passes
                        unsafe context.m_cost = parameters.memory
                        unsafe context.lanes = parameters.lanes
                        unsafe context.threads = 1
                        unsafe context.version = parameters.version
                        unsafe context.flags = 0
                        result = unsafe argon2_ctx(&context, parameters.variant == .id ? Argon2_id : Argon2_i)
                    }
                }
                count = buffer.count
            }
        }
        switch result {
        case ARGON2_OK.rawValue: return hash
        case ARGON2_MEMORY_ALLOCATION_ERROR.rawValue:
            throw PasswordSchemeError(.unavailable, scheme, "there is no memory for Argon2")
        default:
            throw PasswordSchemeError(.malformed, scheme, "libargon2 refuses its parameters")
        }
    }
}
