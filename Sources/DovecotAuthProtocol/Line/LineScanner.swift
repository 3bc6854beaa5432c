internal import Encodings

/// Walks over the TAB-separated fields of one line without copying them.
struct LineScanner {
    private var position = 0
    private var isAtEnd = false

    /// The next field's place in `line`, or nil when there are no more; an empty field is an empty range.
    mutating func next(in line: Span<UInt8>) -> Range<Int>? {
        if isAtEnd { return nil }
        let start = position
        guard let end = line.firstIndex(of: UInt8(ascii: "\t"), in: start..<line.count) else {
            isAtEnd = true
            return start..<line.count
        }
        position = end + 1
        return start..<end
    }
}

extension Span<UInt8> {
    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    func text(_ range: Range<Int>) -> String {
        // The buffer is only read inside the closure.
        unsafe extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes as text after tab unescaping, which only a value that holds a mark pays for.
    func unescapedText(_ range: Range<Int>) -> String {
        guard firstIndex(of: TabEscaping.mark, in: range) != nil else { return text(range) }
        return String(decoding: TabEscaping.unescape(extracting(range)), as: UTF8.self)
    }

    /// Whether the bytes in `range` are exactly `word`.
    ///
    /// Inlined as far as the length, which tells most words apart.
    @inline(__always)
    func holds(_ word: StaticString, at range: Range<Int>) -> Bool {
        word.utf8CodeUnitCount == range.count && isSame(as: word, at: range)
    }

    /// Whether the bytes in `range`, which is as long as `word`, are the same.
    private func isSame(as word: StaticString, at range: Range<Int>) -> Bool {
        // A StaticString's bytes live as long as the program.
        let expected = unsafe UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        let found = extracting(range)
        for offset in found.indices where unsafe found[offset] != expected[offset] { return false }
        return true
    }

    /// The unsigned decimal number in `range`: digits only, no sign, no overflow.
    func number<Number: FixedWidthInteger & UnsignedInteger>(_ range: Range<Int>, as: Number.Type) -> Number? {
        guard !range.isEmpty else { return nil }
        var number: Number = 0
        for index in range {
            let digit = self[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            let (product, productOverflow) = number.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = product.addingReportingOverflow(Number(digit))
            guard !productOverflow, !sumOverflow else { return nil }
            number = sum
        }
        return number
    }
}
