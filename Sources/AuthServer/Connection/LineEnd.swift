internal import Glibc

extension Span<UInt8> {
    /// How many bytes stand before the first line end; nil if there is none.
    var lengthOfLine: Int? {
        // memchr reads no more than it is told, and what it finds lies within.
        unsafe withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return nil }
            return unsafe memchr(start, CInt(UInt8(ascii: "\n")), bytes.count).map { end in
                unsafe UnsafeRawPointer(end) - UnsafeRawPointer(start)
            }
        }
    }
}
