extension Span<UInt8> {
    /// Whether `word` stands at `start`.
    @inline(__always)
    func has(_ word: StaticString, at start: Int) -> Bool {
        let length = word.utf8CodeUnitCount
        guard start + length <= count else { return false }
        // A StaticString's bytes live as long as the program.
        let expected = unsafe UnsafeBufferPointer(start: word.utf8Start, count: length)
        for offset in 0..<length where unsafe self[start + offset] != expected[offset] { return false }
        return true
    }
}

extension OutputSpan<UInt8> {
    @inline(__always)
    mutating func append(_ word: StaticString) {
        // A StaticString's bytes live as long as the program.
        for offset in 0..<word.utf8CodeUnitCount { append(unsafe word.utf8Start[offset]) }
    }

    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>) {
        guard bytes.count <= freeCapacity else { return assertionFailure("the caller makes room") }
        // There is room behind what is there, and the two don't overlap.
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    .copyMemory(from: bytes)
            }
            count += bytes.count
        }
    }
}
