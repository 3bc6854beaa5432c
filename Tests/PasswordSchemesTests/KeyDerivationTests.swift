import Secrets
import Testing

@testable import PasswordSchemes

/// Both ways, as with ``SHADigestTests``.
@Suite("PBKDF2 and HMAC, on the stack and in the heap")
struct KeyDerivationTests {
    static let functions: [KeyDerivation] = [.sha1, .sha256, .sha512]

    @Test("PBKDF2 derives what RFCs and OpenSSL say", arguments: KeyDerivationVector.pbkdf2)
    func pbkdf2(vector: KeyDerivationVector) throws {
        let (key, salt, rounds) = (vector.key.span, vector.text.span, UInt32(vector.rounds))
        let stack = StackKeyDerivation.pbkdf2(key, salt: salt, rounds: rounds, by: vector.function)
        #expect(hexadecimal(stack).hasPrefix(vector.derived))
        guard let heap = HeapKeyDerivation.pbkdf2(key, salt: salt, rounds: rounds, by: vector.function) else {
            Issue.record("swift-crypto's failed")
            return
        }
        #expect(hexadecimal(heap).hasPrefix(vector.derived))
    }

    @Test("HMAC gives what RFCs say", arguments: KeyDerivationVector.hmac)
    func hmac(vector: KeyDerivationVector) {
        let (key, message) = (vector.key.span, vector.text.span)
        #expect(hexadecimal(StackKeyDerivation.hmac(key: key, message, by: vector.function)) == vector.derived)
        #expect(hexadecimal(HeapKeyDerivation.hmac(key: key, message, by: vector.function)) == vector.derived)
    }

    /// By doveadm pw of Dovecot 2.3.19.1.
    @Test("Passwords of a block, and of a byte less and more, are those that doveadm hashed", arguments: [
        (63, "{PBKDF2}$1$95aFr6PTy4BygDd4$3$1a91a34d3c09e98171439d67c0ba61842a9977ee"),
        (64, "{PBKDF2}$1$XiAuPOA9cV2JoyiN$3$bc558626ef118a24eb41795ea507a01d1e680373"),
        (65, "{PBKDF2}$1$xNu98f59uB/HK9uP$3$e442717b8dd7fc36d24077c6170c9e890629e632"),
        (63, "{SCRAM-SHA-1}4096,zBLL9wzBt+37nCWcBuo8Wg==,oU1tjOFLwux/BL6VsDxXL0eW1fE=,UEEjMQnijNV2Rlp+4Vw2CaGAXc0="),
        (64, "{SCRAM-SHA-1}4096,99+YuYDQ+rRms4irCu/GyA==,JiHBSYKv834w0bvdisQKcvdySp8=,yfD8YVrOHBcw41GjRoJfdRck2F8="),
        (65, "{SCRAM-SHA-1}4096,UnQUQHxnnAwvFsxmAaZM5Q==,p7b/KOgX/hgavsERwS6WyO9s5FY=,yyMx8I/fFeDNQvIteCDJMcOrnwA="),
        (63, "{SCRAM-SHA-256}4096,jRpfmjrxJ9S5H+KmozuniA==,svjuS4d7vRgc93N7hMRZaon/bJNS2II0iham+JlQn1g=,b3+3mYCDonzVOrpp7YJG7FG6Q58mHZhL+6jYunMAXXo="),
        (64, "{SCRAM-SHA-256}4096,IVV6MxlmxnJjFhh5L+X+eA==,VtUpDiAFvFv6opoAk9rMVaYIZQPzrOPFGo8URxI2TMs=,+t8Si14eqVl8LznY7NGJnn1MZPSmuwZQVjV2YC2JD4U="),
        (65, "{SCRAM-SHA-256}4096,1ROxrYAiwczyZfNKjiZWOg==,u9M6ULLUusCRp4JgVqj6YUonSGdrsKZJvzTysDw8Z9I=,2frbm69vao/4X5Aayrojv4cbZy4+wA9IumEj98qlWPY="),
    ])
    func blocks(length: Int, field: String) throws {
        let password = String(String(repeating: "0123456789abcdef", count: 5).prefix(length))
        #expect(try verify(password, against: field))
        #expect(try !verify(password + "x", against: field))
    }

    @Test("Both derive the same, wherever in a block key and salt end", arguments: functions)
    func lengths(function: KeyDerivation) throws {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
        for length in [0, 1, 19, 20, 32, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 300] {
            let part = bytes[..<length]
            for (key, salt) in [(part, bytes[..<16]), (bytes[..<8], part)] {
                let stack = StackKeyDerivation.pbkdf2(key.span, salt: salt.span, rounds: 3, by: function)
                guard let heap = HeapKeyDerivation.pbkdf2(key.span, salt: salt.span, rounds: 3, by: function) else {
                    Issue.record("swift-crypto's failed")
                    return
                }
                let areSame = hexadecimal(stack) == hexadecimal(heap)
                #expect(areSame, "\(key.count) and \(salt.count) bytes")
                let code = StackKeyDerivation.hmac(key: key.span, salt.span, by: function)
                let other = HeapKeyDerivation.hmac(key: key.span, salt.span, by: function)
                let areSameCodes = hexadecimal(code) == hexadecimal(other)
                #expect(areSameCodes, "\(key.count) and \(salt.count) bytes")
            }
        }
    }

    @Test("There are as many rounds as 32 bits count, and at least one")
    func rounds() {
        for rounds in [Int.min, -1, 0, Int(UInt32.max) + 1, Int.max] {
            let isDerived = KeyDerivation.sha256.pbkdf2([1].span, salt: [2].span, rounds: rounds) != nil
            #expect(!isDerived)
        }
    }

    @Test("Neither the key, nor its pads, nor what is derived stays in memory", arguments: functions)
    func wiped(function: KeyDerivation) throws {
        var masked: [UInt8] = []
        for _ in 0..<40 { masked.append(UInt8.random(in: 0...255)) }
        let derived = derive(masked, function)
        // The key as it is, and as the inner and the outer block of HMAC have it. The heap writes over the first 16 bytes
        // of a block that it gets back.
        for pad: UInt8 in [0, 0x36, 0x5c] {
            let count = try #require(
                MemoryScan.occurrences(ofMasked: masked[20...].map { $0 ^ pad }), "this kernel hides /proc/self/mem")
            #expect(count == 0, "of the key ^ \(pad)")
        }
        for result in derived {
            let count = try #require(MemoryScan.occurrences(ofMasked: result))
            #expect(count == 0, "of what was derived")
        }
    }

    /// What is derived, masked.
    @inline(never)
    private func derive(_ masked: [UInt8], _ function: KeyDerivation) -> [[UInt8]] {
        let key = Secret(capacity: masked.count) { output in
            for byte in masked { output.append(byte ^ MemoryScan.mask) }
        }
        let derived = key.withBytes { key in
            let salt: [UInt8] = [1, 2, 3, 4]
            // Of another salt: swift-crypto leaves digests in the heap, see SECURITY.md.
            let other: [UInt8] = [5, 6, 7, 8]
            _ = HeapKeyDerivation.pbkdf2(key, salt: other.span, rounds: 10, by: function)
            _ = HeapKeyDerivation.hmac(key: key, other.span, by: function)
            return [
                StackKeyDerivation.pbkdf2(key, salt: salt.span, rounds: 10, by: function).masked,
                StackKeyDerivation.hmac(key: key, salt.span, by: function).masked,
            ]
        }
        wipeDeadStack()
        return derived
    }

    private func hexadecimal(_ secret: borrowing Secret) -> String {
        secret.withBytes { bytes in
            var text = ""
            for index in bytes.indices { text += (bytes[index] < 16 ? "0" : "") + String(bytes[index], radix: 16) }
            return text
        }
    }
}

extension Secret {
    fileprivate var masked: [UInt8] { withBytes { bytes in bytes.indices.map { bytes[$0] ^ MemoryScan.mask } } }
}
