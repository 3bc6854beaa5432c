import HashReferences
import PasswordSchemes
import Secrets

/// One line of the table: a scheme at one cost, hashed anew, and the bare function that can check it.
struct SchemeCase {
    let title: String
    let subject: SchemeWork.Subject
    let reference: HashReference.Input?

    static let password = Array("correct horse battery staple".utf8)
    static let user = "tim@example.com"

    struct NotPrepared: Error, CustomStringConvertible {
        let description: String
    }

    /// How a bare function gets its input out of the stored text.
    enum Reading: Sendable {
        /// The whole text is what the function takes.
        case text(hash_function)
        /// A digest, and the salt behind it.
        case digest(hash_function, size: Int)
        case user
        case plain
        case pbkdf2
        case scram(hash_function)
        case none
    }

    init(_ title: String, _ name: String, _ parameters: HashingParameters, _ reading: Reading) throws {
        // The digests in hexadecimal, which is easily read here; checking takes as long in any encoding.
        let name =
            switch reading {
            case .digest, .user: name + ".HEX"
            default: name
            }
        guard let scheme = PasswordScheme(named: name) else { throw NotPrepared(description: "no scheme \(name)") }
        let secret = Secret(copying: Self.password.span)
        var workspace = HashingWorkspace()
        let made = try scheme.generate(secret, user: Self.user, parameters: parameters, using: &workspace)
        let text = made.withBytes { bytes in bytes.indices.map { bytes[$0] } }
        self.title = title
        subject = .text(text)
        reference = try Self.input(reading, data: Array(text[(name.utf8.count + 2)...]))
    }

    /// A hash function of SCRAM for which there is no scheme.
    init(_ title: String, _ hash: SCRAMHash, rounds: Int, _ function: hash_function) throws {
        let salt = Array("sixteen bytes ..".utf8)
        let password = Secret(copying: Self.password.span)
        guard let made = SCRAMCredentials(password: password, salt: salt, iterations: rounds, hash: hash) else {
            throw NotPrepared(description: "no such rounds")
        }
        self.title = title
        subject = .credentials(made)
        let key = made.storedKey.withSecret { key in key.withBytes { bytes in bytes.indices.map { bytes[$0] } } }
        reference = HashReference.Input(function: function, salt: salt, rounds: rounds, expected: key)
    }

    private static func input(_ reading: Reading, data: [UInt8]) throws -> HashReference.Input? {
        switch reading {
        case .none: return nil
        case .plain: return HashReference.Input(function: HASH_COMPARE, expected: data)
        case .text(let function):
            return HashReference.Input(function: function, text: String(decoding: data, as: UTF8.self))
        case .digest(let function, let size):
            let bytes = try hexadecimal(data)
            return HashReference.Input(
                function: function, salt: Array(bytes.dropFirst(size)), expected: Array(bytes.prefix(size)))
        case .user:
            return HashReference.Input(
                function: HASH_MD5, front: Array("tim:example.com:".utf8), expected: try hexadecimal(data))
        case .pbkdf2:
            let parts = data.split(separator: UInt8(ascii: "$"))
            guard parts.count == 4 else { throw NotPrepared(description: "PBKDF2 has another form than known") }
            return HashReference.Input(
                function: HASH_PBKDF2, salt: Array(parts[1]), rounds: try number(parts[2]),
                expected: try hexadecimal(Array(parts[3])))
        case .scram(let function):
            let parts = data.split(separator: UInt8(ascii: ","))
            guard parts.count == 4 else { throw NotPrepared(description: "SCRAM has another form than known") }
            return HashReference.Input(
                function: function, salt: try base64(parts[1]), rounds: try number(parts[0]),
                expected: try base64(parts[2]))
        }
    }

    private static func number(_ text: ArraySlice<UInt8>) throws -> Int {
        guard let number = Int(String(decoding: text, as: UTF8.self)) else {
            throw NotPrepared(description: "not a number")
        }
        return number
    }

    private static func hexadecimal(_ text: [UInt8]) throws -> [UInt8] {
        try stride(from: 0, to: text.count - 1, by: 2).map { index in
            guard let byte = UInt8(String(decoding: text[index...(index + 1)], as: UTF8.self), radix: 16) else {
                throw NotPrepared(description: "not hexadecimal")
            }
            return byte
        }
    }

    private static func base64(_ text: ArraySlice<UInt8>) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: text.count)
        // Both pointers live for the call.
        let count = unsafe text.withUnsafeBytes { text in
            unsafe hash_decode_base64(
                text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count, &bytes, bytes.count)
        }
        guard count >= 0 else { throw NotPrepared(description: "not base64") }
        return Array(bytes.prefix(count))
    }
}
