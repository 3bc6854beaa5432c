import Encodings
import Secrets
import Testing

@Suite("Base64")
struct Base64Tests {
    // #expect can't hold a span.
    private func encode(_ bytes: [UInt8]) -> String { String(decoding: Base64.encode(bytes.span), as: UTF8.self) }

    private func decode(_ text: String) -> String? { decode(Array(text.utf8)) }

    private func decode(_ text: [UInt8]) -> String? {
        decodedBytes(text).map { String(decoding: $0, as: UTF8.self) }
    }

    private func decodedBytes(_ text: [UInt8]) -> [UInt8]? {
        guard let secret = Base64.decode(text.span) else { return nil }
        return secret.withBytes { span in span.indices.map { span[$0] } }
    }

    @Test(
        "The vectors of RFC 4648 section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(_ plain: String, _ encoded: String) {
        #expect(encode(Array(plain.utf8)) == encoded)
        #expect(decode(encoded) == plain)
    }

    @Test("The prompts of LOGIN, as Dovecot 2.3.19 sends them", arguments: [
        ("Username:", "VXNlcm5hbWU6"), ("Password:", "UGFzc3dvcmQ6"),
    ])
    func loginPrompts(_ plain: String, _ encoded: String) {
        #expect(encode(Array(plain.utf8)) == encoded)
    }

    @Test("All 64 digits are known, in both directions (RFC 4648 table 1)")
    func wholeAlphabet() throws {
        let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        let bytes = try #require(decodedBytes(Array(digits.utf8)))
        // 000000 000001 000010 000011 … 111100 111101 111110 111111
        #expect(bytes.prefix(3) == [0x00, 0x10, 0x83])
        #expect(bytes.suffix(3) == [0xf3, 0xdf, 0xbf])
        #expect(encode(bytes) == digits)
    }

    // Each of these was sent to Dovecot 2.3.19.1 as resp= of a LOGIN, and taken for the user name.
    @Test(
        "Blanks are skipped wherever Dovecot skips them",
        arguments: [
            "YWxp Y2U=", " YWxpY2U=", "YWxpY2U= ", "YWxp\rY2U=", "YWxp\tY2U=", "YWxp\nY2U=", "YWxpY2U=\r",
            "Y W x p Y 2 U =",
        ])
    func blanks(_ encoded: String) {
        #expect(decode(encoded) == "alice")
    }

    @Test("Blanks alone are no bytes, and no error", arguments: ["", " ", "\t\r\n"])
    func onlyBlanks(_ encoded: String) {
        #expect(decode(encoded) == "")
    }

    @Test("Bits left over in the last digit are not looked at", arguments: [("YR==", "a"), ("YWK=", "ab")])
    func strayBits(_ encoded: String, _ plain: String) {
        #expect(decode(encoded) == plain)
    }

    // Each answered by Dovecot 2.3.19.1 with code=invalid_base64.
    @Test(
        "What Dovecot refuses is refused",
        arguments: [
            "YQ", "YQ=", "YWI", "YWxpY2U", "A", "A===", "AAAAA", "=", "==", "====", " =", "YQ===", "YWI==", "YQ==YQ==",
            "YQ==Y", "Zm9v=", "-_-_", "YWxp\u{b}Y2U=", "YWxp\u{c}Y2U=", "YWxpY2U=\u{e4}", "Y*==",
        ])
    func refused(_ encoded: String) {
        #expect(decode(encoded) == nil)
    }

    @Test("A byte outside the alphabet is refused at any place", arguments: 0..<4)
    func foreignBytes(_ place: Int) {
        let digits = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= \t\r\n".utf8)
        for byte in UInt8.min ... .max where !digits.contains(byte) {
            var text = Array("Zm9v".utf8)
            text[place] = byte
            #expect(decode(text) == nil, "byte \(byte)")
        }
    }

    @Test("What was encoded decodes to itself", arguments: SeededGenerator.seeds)
    func roundTrip(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let bytes = generator.bytes(upTo: 200)
            let encoded = Base64.encode(bytes.span)
            #expect(decodedBytes(encoded) == bytes, "seed \(seed)")
            #expect(encoded.count % 4 == 0, "seed \(seed)")
        }
    }

    @Test("Random bytes never trap", arguments: SeededGenerator.seeds)
    func neverTraps(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let likely = Array("ABab01+/== \t\r\n".utf8)
        for _ in 0..<2000 {
            let text = generator.bytes(upTo: 40).map { $0 < 200 ? likely[Int($0) % likely.count] : $0 }
            guard let secret = Base64.decode(text.span) else { continue }
            let count = secret.count
            #expect(count <= text.count / 4 * 3 + 3, "seed \(seed)")
        }
    }

    @Test("Encoding appends to what is there")
    func appends() {
        var text = Array("resp=".utf8)
        Base64.encode(Array("foo".utf8).span, into: &text)
        #expect(text == Array("resp=Zm9v".utf8))
    }
}
