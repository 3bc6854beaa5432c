internal import Encodings

/// Walks over a passwd-file's users: blank lines, comments, and lines without a name are none.
struct PasswdFileLines {
    /// Where the next line begins; the file's size or more at its end.
    private(set) var position: Int
    /// Of the line that came last, from 1 on, if the walk began with the first.
    private(set) var number = 0

    /// - Parameter position: where a line begins.
    init(from position: Int = 0) {
        self.position = position
    }

    /// The next user's line without its end, or nil after the last.
    mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        while position < bytes.count {
            let (line, next) = Self.line(at: position, in: bytes)
            position = next
            number += 1
            // A comment's `#` stands first.
            if let first = line.first, bytes[first] != UInt8(ascii: "#"), bytes[first] != UInt8(ascii: ":") { return line }
        }
        return nil
    }

    /// The line that begins at `start`, without its end, and where the next one begins.
    static func line(at start: Int, in bytes: Span<UInt8>) -> (range: Range<Int>, next: Int) {
        let end = bytes.firstIndex(of: UInt8(ascii: "\n"), in: start..<bytes.count) ?? bytes.count
        let hasCR = end > start && bytes[end - 1] == UInt8(ascii: "\r")
        return (start..<(hasCR ? end - 1 : end), end + 1)
    }

    static func name(in bytes: Span<UInt8>, _ line: Range<Int>) -> Range<Int> {
        line.lowerBound..<(bytes.firstIndex(of: UInt8(ascii: ":"), in: line) ?? line.upperBound)
    }
}
