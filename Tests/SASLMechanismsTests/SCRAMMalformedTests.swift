import PasswordSchemes
import SASLMechanisms
import Testing

extension SCRAMServerMechanismTests {
    static let malformedFirst: [Malformed] =
        Malformed.names { Array("n,,n=".utf8) + $0 + Array(",r=abc".utf8) } + [
            Malformed("no bytes", ""),
            Malformed("one comma", "n,"),
            Malformed("a header alone", "n,,"),
            Malformed("no header", "n=user,r=abc"),
            Malformed("an unknown flag", "x,,n=user,r=abc"),
            Malformed("a capital flag", "N,,n=user,r=abc"),
            Malformed("a non-standard mechanism's flag", "F,n,,n=user,r=abc"),
            Malformed("a flag of two letters", "nn,,n=user,r=abc"),
            Malformed("a binding without a type", "p=,,n=user,r=abc"),
            Malformed("a binding", "p=tls-exporter,,n=user,r=abc", .channelBindingUnsupported),
            Malformed("an authzid without a=", "n,bob,n=user,r=abc"),
            Malformed("an authzid with a bad escape", "n,a=b=2Cb=,n=user,r=abc"),
            Malformed("an extension that must be known", "n,,m=x,n=user,r=abc", .unsupportedExtension),
            Malformed("such an extension at the end", "n,,n=user,r=abc,m=x", .unsupportedExtension),
            Malformed("no name", "n,,r=abc"),
            Malformed("an empty name", "n,,n=,r=abc", .emptyUsername),
            Malformed("name and nonce exchanged", "n,,r=abc,n=user"),
            Malformed("two names", "n,,n=user,n=bob,r=abc"),
            Malformed("a name with a bad escape", "n,,n=us=er,r=abc"),
            Malformed("a name with an escape in small letters", "n,,n=us=2cer,r=abc"),
            Malformed("a name with half an escape", "n,,n=user=2,r=abc"),
            Malformed("no nonce", "n,,n=user"),
            Malformed("an empty nonce", "n,,n=user,r="),
            Malformed("two nonces", "n,,n=user,r=abc,r=def"),
            Malformed("a blank in the nonce", "n,,n=user,r=a c"),
            Malformed("a letter beyond ASCII in the nonce", "n,,n=user,r=äbc"),
            Malformed("a NUL in the nonce", "n,,n=user,r=a\0c"),
            Malformed("a nonce of 64 KiB", "n,,n=user,r=" + String(repeating: "a", count: 65_000)),
            Malformed("more than 64 KiB", "n,,n=user,r=abc,x=" + String(repeating: "a", count: 65_536)),
            Malformed("an attribute without a letter", "n,,n=user,r=abc,1=x"),
            Malformed("an attribute without an equals sign", "n,,n=user,r=abc,xyz"),
            Malformed("a comma at the end", "n,,n=user,r=abc,"),
            Malformed("33 attributes", "n,,n=user,r=abc" + String(repeating: ",x=y", count: 32)),
        ]

    /// The same for a mechanism that binds to the TLS connection: there the message begins with a binding.
    static func malformedFirst(bindsChannel: Bool) -> [Malformed] {
        guard bindsChannel else { return malformedFirst }
        return malformedFirst.filter { $0.failure != .channelBindingUnsupported }.map { row in
            guard row.message.starts(with: Array("n,".utf8)) else { return row }
            return Malformed(row.what, bytes: Array("p=tls-exporter,".utf8) + row.message.dropFirst(2), row.failure)
        } + [
            Malformed("no binding", "n,,n=user,r=abc", .channelBindingMissing),
            Malformed("a binding that was not offered", "y,,n=user,r=abc", .channelBindingMissing),
            Malformed("a binding of an unknown type", "p=tls-unique,,n=user,r=abc", .channelBindingUnsupported),
        ]
    }

    @Test(
        "A first message that breaks RFC 5802 fails before the databases are asked",
        arguments: SCRAMHash.allCases, [false, true])
    func malformedFirst(hash: SCRAMHash, bindsChannel: Bool) {
        for row in Self.malformedFirst(bindsChannel: bindsChannel) {
            for begin in [InputRecord.begin, .beginWith] {
                var exchange = ExchangeUnderTest(SCRAMServerMechanism.offer(hash, bindsChannel: bindsChannel))
                if begin == .begin { _ = exchange.step(.begin) }
                let step = exchange.step(begin == .begin ? .response : .beginWith, bytes: row.message)
                #expect(step == .fail(row.failure), "\(row.what)")
            }
        }
    }

    private static let nonce = "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j"
    private static let proof = "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="

    static let malformedFinal: [Malformed] = [
        Malformed("no bytes", ""),
        Malformed("a comma alone", ","),
        Malformed("no proof", "c=biws,\(nonce)"),
        Malformed("no binding", "\(nonce),\(proof)"),
        Malformed("no nonce", "c=biws,\(proof)"),
        Malformed("binding and nonce exchanged", "\(nonce),c=biws,\(proof)"),
        Malformed("another header", "c=eSws,\(nonce),\(proof)", .channelBindingMismatch),
        Malformed("a header with data", "c=biwsYWJj,\(nonce),\(proof)", .channelBindingMismatch),
        Malformed("the header in another base64", "c=biwt,\(nonce),\(proof)", .channelBindingMismatch),
        Malformed("no header", "c=,\(nonce),\(proof)", .channelBindingMismatch),
        Malformed("another nonce", "c=biws,r=abc,\(proof)", .wrongNonce),
        Malformed("the client's nonce alone", "c=biws,r=fyko+d2lbbFgONRv9qkxdawL,\(proof)", .wrongNonce),
        Malformed("a longer nonce", "c=biws,\(nonce)x,\(proof)", .wrongNonce),
        Malformed("an empty nonce", "c=biws,r=,\(proof)", .wrongNonce),
        Malformed("an extension that must be known", "c=biws,\(nonce),m=x,\(proof)", .unsupportedExtension),
        Malformed("something behind the proof", "c=biws,\(nonce),\(proof),x=y"),
        Malformed("two proofs", "c=biws,\(nonce),\(proof),\(proof)"),
        Malformed("two nonces", "c=biws,\(nonce),\(nonce),\(proof)"),
        Malformed("two bindings", "c=biws,\(nonce),c=biws,\(proof)"),
        Malformed("a proof that is no base64", "c=biws,\(nonce),p=v0X8v3Bz2T0CJGbJQyF0X+HI4T!="),
        Malformed("an empty proof", "c=biws,\(nonce),p=", .wrongPassword),
        Malformed("a short proof", "c=biws,\(nonce),p=v0X8", .wrongPassword),
        Malformed("a proof too long", "c=biws,\(nonce),p=v0X8v3Bz2T0CJGbJQyF0X+HI4TsA", .wrongPassword),
        Malformed("another proof", "c=biws,\(nonce),p=v1X8v3Bz2T0CJGbJQyF0X+HI4Ts=", .wrongPassword),
        Malformed("an extension that the proof doesn't know", "c=biws,\(nonce),x=y,\(proof)", .wrongPassword),
        Malformed("a proof of 48 KiB", "c=biws,\(nonce),p=" + String(repeating: "A", count: 65_000), .wrongPassword),
        Malformed("more than 64 KiB", "c=biws,\(nonce),p=" + String(repeating: "A", count: 65_536)),
        Malformed("a NUL at the end", "c=biws,\(nonce),\(proof)\0"),
        Malformed("bad UTF-8 at the end", bytes: Array("c=biws,\(nonce),\(proof)".utf8) + [0xff]),
    ]

    @Test(
        "A last message that is wrong fails, and in the same way for a user who doesn't exist",
        arguments: malformedFinal + [
            // What logs the user in if there is one.
            Malformed("the right message", examples[0].clientFinal, .wrongPassword)
        ])
    func malformedFinal(row: Malformed) throws {
        let example = Self.examples[0]
        for stored in [Self.pencil(example), nil] {
            if stored != nil, row.what == "the right message" { continue }
            var exchange = ExchangeUnderTest(Self.mechanism(example))
            _ = exchange.step(.beginWith, example.clientFirst)
            _ = exchange.fetched(stored, user: "user")
            let step = exchange.step(.response, bytes: row.message)
            #expect(step == .fail(row.failure), "exists: \(stored != nil)")
        }
    }
}
