/// A demo user of `Examples/quickstart/users`, and what mail programs make of name and password.
struct Credentials: Sendable, CustomStringConvertible {
    let user: String
    let password: String

    static let alice = Credentials(user: "alice", password: "wonderland")
    static let bob = Credentials(user: "bob", password: "build it")
    static let carol = Credentials(user: "carol@example.com", password: "sea shells")
    static let dave = Credentials(user: "dave", password: "open the pod")

    static let all = [alice, bob, carol, dave]

    var description: String { user }

    /// RFC 4616 section 2, without an authorization identity.
    var plain: String { Base64.encode("\0\(user)\0\(password)") }
    var userInBase64: String { Base64.encode(user) }
    var passwordInBase64: String { Base64.encode(password) }

    func with(password: String) -> Credentials {
        Credentials(user: user, password: password)
    }
}

/// The encoding of RFC 4648 section 4. Written here once more, so that the tests do not trust what they test.
enum Base64 {
    static func encode(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var encoded = ""
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let group = Array(rest.prefix(3))
            rest = rest.dropFirst(3)
            let bits = (0..<3).reduce(0) { $0 << 8 | ($1 < group.count ? Int(group[$1]) : 0) }
            for position in 0..<4 {
                encoded += position <= group.count ? String(alphabet[bits >> (18 - 6 * position) & 63]) : "="
            }
        }
        return encoded
    }

    /// The text of valid digits; what isn't one is skipped.
    static func decode(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bytes: [UInt8] = []
        var (bits, count) = (0, 0)
        for digit in text.compactMap({ alphabet.firstIndex(of: $0) }) {
            bits = bits << 6 | digit
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(bits >> count & 255))
            bits &= (1 << count) - 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
