internal import Glibc

extension Span<UInt8> {
    /// Whether the bytes from `start` on are those of `other`.
    func hasBytes(_ other: Span<UInt8>, at start: Int) -> Bool {
        guard start >= 0, start <= count, other.count <= count - start else { return false }
        guard !other.isEmpty else { return true }
        // Both ranges were checked, and the pointers stay inside the closures.
        return unsafe withUnsafeBytes { bytes in
            unsafe other.withUnsafeBytes { other in
                guard let left = bytes.baseAddress, let right = other.baseAddress else { return false }
                return unsafe memcmp(left + start, right, other.count) == 0
            }
        }
    }

    func text(_ range: Range<Int>) -> String {
        // The buffer is read inside the closure only.
        unsafe extracting(range).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
