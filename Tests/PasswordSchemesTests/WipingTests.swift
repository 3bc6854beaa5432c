import PasswordSchemes
import Secrets
import Testing

@Suite("Passwords don't stay in memory")
struct WipingTests {
    /// A password that never lies in the program's text, nor anywhere but in a `Secret`.
    private func password(_ masked: [UInt8]) -> Secret {
        Secret(capacity: masked.count) { output in
            for byte in masked { output.append(byte ^ MemoryScan.mask) }
        }
    }

    /// The shorter one stays whole in a block of a digest; the longer one's places in the heap are of a size that nothing
    /// else here has, which would be written over it.
    @Test(
        "After hashing and checking, no memory of the process holds a piece of the password",
        arguments: PasswordScheme.all, [40, 440])
    func wiped(scheme: PasswordScheme, length: Int) throws {
        // Letters and digits after unmasking, different for each scheme.
        var masked: [UInt8] = []
        for _ in 0..<length { masked.append(UInt8.random(in: UInt8(ascii: "0")...UInt8(ascii: "z")) ^ MemoryScan.mask) }
        try hashAndCheck(masked, scheme)
        // In pieces: the heap writes over the first 16 bytes of a block that it gets back.
        for start in [0, 20, length / 2, length - 20] {
            let piece = Array(masked[start..<start + 20])
            let count = try #require(MemoryScan.occurrences(ofMasked: piece), "this kernel hides /proc/self/mem")
            #expect(count == 0, "of the bytes from \(start)")
        }
    }

    private func hashAndCheck(_ masked: [UInt8], _ scheme: PasswordScheme) throws {
        var workspace = HashingWorkspace()
        let password = password(masked)
        let text = try scheme.generate(
            password, user: "tim", parameters: GeneratingTests.parameters(for: scheme), using: &workspace)
        let stored = try text.withBytes { (text) throws(PasswordSchemeError) in
            try StoredPassword(parsing: text, defaultScheme: .plain)
        }
        let matches = try stored.verify(password, user: "tim", using: &workspace)
        #expect(matches)
    }

    @Test("The search finds what is there")
    func scanWorks() throws {
        var masked: [UInt8] = []
        for _ in 0..<24 { masked.append(UInt8.random(in: 0...255)) }
        let secret = password(masked)
        #expect(try #require(MemoryScan.occurrences(ofMasked: masked)) >= 1)
        #expect(secret.count == 24)
    }
}
