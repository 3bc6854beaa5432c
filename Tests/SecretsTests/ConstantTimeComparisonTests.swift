import Secrets
import Testing

@Suite("Comparison in constant time")
struct ConstantTimeComparisonTests {
    // #expect can't hold a span.
    private func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        equalInConstantTime(left.span, right.span)
    }

    @Test(
        "It says whether two byte strings are the same",
        arguments: [
            ("", "", true), ("a", "a", true), ("a", "b", false), ("abc", "abd", false), ("abc", "xbc", false),
            ("abc", "ab", false), ("", "a", false), ("\u{0}", "", false),
        ])
    func compares(_ left: String, _ right: String, _ expected: Bool) {
        #expect(isEqual(Array(left.utf8), Array(right.utf8)) == expected)
    }

    @Test("Each single bit counts", arguments: 0..<8)
    func everyBit(_ bit: Int) {
        let left: [UInt8] = [0x5a, 0x5a, 0x5a]
        for index in left.indices {
            var right = left
            right[index] ^= 1 << bit
            #expect(!isEqual(left, right))
        }
    }
}
