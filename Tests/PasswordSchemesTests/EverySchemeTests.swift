import PasswordSchemes
import Secrets
import Testing

/// What holds for each scheme without exception; ``MalformedDataTests`` has the data that are special to one.
@Suite("Every scheme, whatever it meets")
struct EverySchemeTests {
    private static let limits = HashingLimits(time: .milliseconds(100), memory: 1 << 24)

    private func matches(_ password: [UInt8], _ field: String) -> Bool? {
        try? verify(password, against: field, limits: Self.limits)
    }

    @Test("No data at all match no password but, for plain text, the empty one", arguments: PasswordScheme.all)
    func zeroLength(scheme: PasswordScheme) {
        for suffix in ["", ".HEX", ".B64", ".BASE64"] {
            for password in ["x", "correct horse", "\0"] {
                #expect(matches(Array(password.utf8), "{\(scheme.name)\(suffix)}") != true)
            }
        }
    }

    @Test("What can't be decoded is an error, not a mismatch", arguments: PasswordScheme.all)
    func wrongEncoding(scheme: PasswordScheme) {
        for text in [".B64}!!!!", ".B64}QUJD=", ".BASE64}Q", ".BASE64}====", ".HEX}0", ".HEX}zz", ".HEX}0g"] {
            let error = #expect(throws: PasswordSchemeError.self) { try verify("x", against: "{\(scheme.name)\(text)") }
            #expect(error?.code == .malformed, "\(text)")
        }
    }

    @Test("Random passwords match no hash but their own", arguments: PasswordScheme.all)
    func randomPasswords(scheme: PasswordScheme) throws {
        let parameters = GeneratingTests.parameters(for: scheme)
        // Text schemes hold bytes that are no UTF-8, which a String would change.
        let hexadecimal = try #require(PasswordScheme(named: "\(scheme.name).HEX"))
        for _ in 0..<20 {
            // crypt(3) refuses to hash a NUL, and NTLM what is no UTF-8.
            let bytes = 1...(scheme.name == "NTLM" ? 127 : UInt8.max)
            let password = (0..<Int.random(in: 1...70)).map { _ in UInt8.random(in: bytes) }
            let text = try generate(hexadecimal, password, parameters)
            #expect(try verify(password, against: text), "\(password)")
            for length in [0, 1, 7, 64, 511, 512, 5000] {
                let other = (0..<length).map { _ in UInt8.random(in: 0...255) }
                // A byte may be the whole password; descrypt's bytes have seven bits, and it reads eight of them.
                let isAlike = scheme.name == "DES-CRYPT" ? other.count <= 1 && password.count == 1 : other == password
                #expect(matches(other, text) != true || isAlike, "\(other) for \(password)")
            }
        }
    }

    private static let megabyte: [UInt8] = Array(
        repeatElement((0..<4096).map { _ in UInt8.random(in: 0...255) }, count: 256).joined())

    @Test("Random bytes in place of the data never match, nor take longer than allowed", arguments: PasswordScheme.all)
    func randomData(scheme: PasswordScheme) {
        for length in [1, 2, 13, 20, 33, 100, Self.megabyte.count] {
            let field = Array("{\(scheme.name)}".utf8) + Self.megabyte.suffix(length)
            var workspace = HashingWorkspace(limits: Self.limits)
            let isMatch = try? StoredPassword(parsing: field.span, defaultScheme: .plain)
                .verify(Secret(copying: "correct horse".utf8.span), user: "tim", using: &workspace)
            #expect(isMatch != true)
        }
    }
}
