/// A line that may have gaps: what changes from one conversation to the next, such as process ids and cookies.
public struct LinePattern: Hashable, Sendable, CustomStringConvertible {
    /// A part of a line.
    public enum Piece: Hashable, Sendable {
        case literal([UInt8])
        /// `{number}`: one or more decimal digits.
        case number
        /// `{hex}`: one or more lower-case hex digits.
        case hex
        /// `{field}`: anything without a TAB, possibly nothing.
        case field
        /// `{any}`: anything, possibly nothing.
        case any
    }

    public let pieces: [Piece]
    /// As it stands in the file.
    public let description: String

    public init(pieces: [Piece], description: String) {
        self.pieces = pieces
        self.description = description
    }

    /// Whether a line, given without its LF, is one of those meant.
    public func matches(_ line: [UInt8]) -> Bool {
        matches(line[...], pieces[...])
    }

    private func matches(_ line: ArraySlice<UInt8>, _ pieces: ArraySlice<Piece>) -> Bool {
        guard let piece = pieces.first else { return line.isEmpty }
        let rest = pieces.dropFirst()
        func anyPrefix(from least: Int, while isAllowed: (UInt8) -> Bool) -> Bool {
            let most = line.prefix(while: isAllowed).count
            guard most >= least else { return false }
            return (least...most).reversed().contains { matches(line.dropFirst($0), rest) }
        }
        switch piece {
        case .literal(let bytes): return line.starts(with: bytes) && matches(line.dropFirst(bytes.count), rest)
        case .number: return anyPrefix(from: 1) { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        case .hex:
            return anyPrefix(from: 1) {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
        case .field: return anyPrefix(from: 0) { $0 != UInt8(ascii: "\t") }
        case .any: return anyPrefix(from: 0) { _ in true }
        }
    }

    /// A line that fits, for the side that has to send it: gaps are filled with something short.
    public var example: [UInt8] {
        pieces.flatMap { piece -> [UInt8] in
            switch piece {
            case .literal(let bytes): bytes
            case .number: Array("4711".utf8)
            case .hex: Array("00112233445566778899aabbccddeeff".utf8)
            case .field, .any: []
            }
        }
    }
}
