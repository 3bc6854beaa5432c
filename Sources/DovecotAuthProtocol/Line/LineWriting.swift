extension [UInt8] {
    /// Appends text that is the same in every line of a kind.
    mutating func append(_ text: StaticString) {
        // A StaticString's bytes live as long as the program.
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }

    /// Appends a number in plain decimal without leading zeros: Postfix reads it with strtoul(…, 0).
    mutating func append(decimal number: UInt32) {
        // Enough for the largest.
        var digits = InlineArray<10, UInt8>(repeating: 0)
        var start = digits.count
        var rest = number
        repeat {
            start -= 1
            digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        append(addingCapacity: digits.count - start) { output in
            for index in start..<digits.count { output.append(digits[index]) }
        }
    }
}
