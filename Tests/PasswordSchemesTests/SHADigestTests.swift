import Secrets
import Testing

@testable import PasswordSchemes

/// Both ways to a digest: which of them serves depends on whether swift-crypto's C module is there.
@Suite("SHA digests, with their contexts on the stack and in the heap")
struct SHADigestTests {
    /// "abc" is FIPS 180's; all are what `openssl dgst` (OpenSSL 3.0.19) prints.
    struct Vector: CustomTestStringConvertible, Sendable {
        let function: SHAFunction
        let message: String
        let digest: String

        var testDescription: String { "\(function) of \(message.utf8.count) bytes" }
    }

    static let vectors: [Vector] = [
        Vector(function: .sha1, message: "", digest: "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        Vector(function: .sha1, message: "abc", digest: "a9993e364706816aba3e25717850c26c9cd0d89d"),
        Vector(function: .sha1, message: letters, digest: "291e9a6c66994949b57ba5e650361e98fc36b1ba"),
        Vector(
            function: .sha256, message: "", digest: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        Vector(
            function: .sha256, message: "abc",
            digest: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        Vector(
            function: .sha256, message: letters,
            digest: "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
        Vector(
            function: .sha384, message: "",
            digest: "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
                + "274edebfe76f65fbd51ad2f14898b95b"),
        Vector(
            function: .sha384, message: "abc",
            digest: "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                + "8086072ba1e7cc2358baeca134c825a7"),
        Vector(
            function: .sha384, message: letters,
            digest: "f54480689c6b0b11d0303285d9a81b21a93bca6ba5a1b4472765dca4da45ee32"
                + "8082d469c650cd3b61b16d3266ab8ced"),
        Vector(
            function: .sha512, message: "",
            digest: "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"),
        Vector(
            function: .sha512, message: "abc",
            digest: "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"),
        Vector(
            function: .sha512, message: letters,
            digest: "67ba5535a46e3f86dbfbed8cbbaf0125c76ed549ff8b0b9e03e0c88cf90fa634"
                + "fa7b12b47d77b694de488ace8d9a65967dc96df599727d3292a8d9d447709c97"),
    ]

    private static let letters = String(repeating: "a", count: 1000)

    @Test("Each is the standard's, wherever the message is cut in two", arguments: vectors)
    func digests(vector: Vector) {
        let message = Array(vector.message.utf8)
        for place in 0...message.count {
            let (first, second) = (message[..<place], message[place...])
            let stack = StackDigest.withDigest(of: first.span, second.span, by: vector.function, hexadecimal)
            let heap = HeapDigest.withDigest(of: first.span, second.span, by: vector.function, hexadecimal)
            #expect(stack == vector.digest)
            #expect(heap == vector.digest)
        }
    }

    @Test("Neither leaves a piece of the message in memory", arguments: SHAFunction.allCases)
    func wiped(function: SHAFunction) throws {
        var masked: [UInt8] = []
        for _ in 0..<40 { masked.append(UInt8.random(in: 0...255)) }
        digest(masked, function)
        for start in [0, 20] {
            let piece = Array(masked[start..<start + 20])
            let count = try #require(MemoryScan.occurrences(ofMasked: piece), "this kernel hides /proc/self/mem")
            #expect(count == 0, "of the bytes from \(start)")
        }
    }

    @inline(never)
    private func digest(_ masked: [UInt8], _ function: SHAFunction) {
        let message = Secret(capacity: masked.count) { output in
            for byte in masked { output.append(byte ^ MemoryScan.mask) }
        }
        message.withBytes { bytes in
            StackDigest.withDigest(of: bytes, Span(), by: function) { _ in }
            HeapDigest.withDigest(of: bytes, Span(), by: function) { _ in }
        }
        wipeDeadStack()
    }

    private func hexadecimal(_ digest: Span<UInt8>) -> String {
        var text = ""
        for index in digest.indices {
            text += (digest[index] < 16 ? "0" : "") + String(digest[index], radix: 16)
        }
        return text
    }
}
