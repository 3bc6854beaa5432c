/// Goes through the lines of a file, without their LF or CR LF.
struct LineCursor {
    private let content: [UInt8]
    private var position = 0

    /// Number of the line that came last, from 1.
    private(set) var number = 0

    init(_ content: [UInt8]) {
        self.content = content
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard position < content.count else { return nil }
        number += 1
        let end = content[position...].firstIndex(of: UInt8(ascii: "\n")) ?? content.count
        defer { position = end + 1 }
        let line = content[position..<end]
        return line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    /// The lines before the one that equals the marker, each with its LF; `nil` if none does.
    mutating func text(until marker: String) -> [UInt8]? {
        let marker = Array(marker.utf8)[...]
        var text: [UInt8] = []
        while let line = next() {
            if line == marker { return text }
            text += line
            text.append(UInt8(ascii: "\n"))
        }
        return nil
    }
}
