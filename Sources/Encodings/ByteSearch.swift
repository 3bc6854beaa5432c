internal import Glibc

extension Span<UInt8> {
    /// Where `byte` first stands within `range`, or nil.
    ///
    /// By the C library's search, which looks at many bytes at once; here once for the floors that may not call C.
    package func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        // The range lies within the span, and the pointer stays inside the closure.
        return unsafe withUnsafeBytes { bytes -> Int? in
            guard let start = bytes.baseAddress,
                let found = unsafe memchr(start + range.lowerBound, Int32(byte), range.count)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - start
        }
    }
}
