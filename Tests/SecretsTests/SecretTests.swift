import Secrets
import Testing

@Suite("Secret")
struct SecretTests {
    private struct Refused: Error {}

    private func bytes(of secret: borrowing Secret) -> [UInt8] {
        secret.withBytes { span in span.indices.map { span[$0] } }
    }

    @Test("It holds the bytes that it was made from", arguments: [[], [0], [1, 0, 2], [UInt8](0...255)])
    func holdsItsBytes(_ original: [UInt8]) {
        let secret = Secret(copying: original.span)
        let held = bytes(of: secret)
        let (count, isEmpty) = (secret.count, secret.isEmpty)
        #expect(held == original)
        #expect(count == original.count)
        #expect(isEmpty == original.isEmpty)
    }

    // From 1 MiB on the memory is not the heap's.
    @Test("It holds as much as a file has", arguments: [(1 << 20) - 1, 1 << 20, 5_000_001])
    func large(_ count: Int) {
        let original = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        let secret = Secret(copying: original.span)
        let held = bytes(of: secret)
        #expect(held == original)
    }

    @Test(
        "What is left of it after its first bytes are forgotten is what follows them",
        arguments: [(0, [1, 2, 3]), (1, [2, 3]), (2, [3]), (3, []), (4, []), (-1, [1, 2, 3])] as [(Int, [UInt8])])
    func removesFirst(_ number: Int, _ rest: [UInt8]) {
        var secret = Secret(copying: [1, 2, 3].span)
        secret.removeFirst(number)
        let (held, count) = (bytes(of: secret), secret.count)
        #expect(held == rest)
        #expect(count == rest.count)
    }

    @Test("A clone outlives the original")
    func cloneIsIndependent() {
        func clone() -> Secret { Secret(copying: [7, 8, 9].span).clone() }
        let held = bytes(of: clone())
        #expect(held == [7, 8, 9])
    }

    @Test("Fewer bytes than the capacity may be written")
    func partialInitialisation() {
        let secret = Secret(capacity: 10) { output in
            output.append(1)
            output.append(2)
        }
        let held = bytes(of: secret)
        #expect(held == [1, 2])
    }

    @Test("An error of the writing closure reaches the caller")
    func initialiserThrows() {
        #expect(throws: Refused.self) {
            _ = try Secret(capacity: 4) { (output) throws(Refused) in
                output.append(1)
                throw Refused()
            }
        }
    }

    @Test("Of what may be too large there is nothing where there is no memory, and then nothing is written")
    func noMemory() {
        var isAsked = false
        // More than any process can address.
        let isThere = Secret(capacityIfAvailable: 1 << 50) { _ in isAsked = true } != nil
        #expect(!isThere && !isAsked)
    }

    @Test("Of what may be too large all is there where there is memory", arguments: [0, 3, 1 << 20])
    func enoughMemory(count: Int) {
        let made = Secret(capacityIfAvailable: count) { output in
            for _ in 0..<count { output.append(7) }
        }
        guard let secret = made else {
            Issue.record("there is memory for that")
            return
        }
        let held = bytes(of: secret)
        #expect(held == Array(repeating: 7, count: count))
    }

    @Test("The pointer for C sees the same bytes")
    func unsafeBytes() {
        let secret = Secret(copying: [3, 1, 4].span)
        // The pointer stays inside the closure.
        let held = unsafe secret.withUnsafeBytes { unsafe [UInt8]($0) }
        #expect(held == [3, 1, 4])
    }

    @Test("A shared secret lends its bytes and prints none of them")
    func sharedSecret() {
        let shared = SharedSecret(Secret(copying: Array("wonderland".utf8).span))
        let count = shared.withSecret { $0.count }
        #expect(count == 10)
        #expect("\(shared)" == "<secret>")
        #expect(!String(reflecting: shared).contains("wonderland"))
    }
}
