import Secrets
import Testing

@Suite("Secret pages")
struct SecretPagesTests {
    @Test("They begin as zeros, and keep what is written", arguments: [1, 4096, 4097, 4 << 20, (6 << 20) + 1])
    func keep(_ count: Int) {
        guard var pages = SecretPages(count: count) else {
            Issue.record("there is memory for that")
            return
        }
        let sum = unsafe pages.withBytes { unsafe $0.reduce(0) { $0 + Int($1) } }
        #expect(sum == 0)
        unsafe pages.withMutableBytes { bytes in
            unsafe bytes[0] = 1
            unsafe bytes[count - 1] = 7
        }
        let ends = unsafe pages.withBytes { unsafe [$0[0], $0[count - 1]] }
        #expect(ends == (count == 1 ? [7, 7] : [1, 7]))
        let size = pages.count
        #expect(size == count)
    }

    @Test("Nothing and everything are refused", arguments: [0, -1, Int.max])
    func refused(_ count: Int) {
        let isThere = SecretPages(count: count) != nil
        #expect(!isThere)
    }
}
