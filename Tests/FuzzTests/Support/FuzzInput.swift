import Secrets

extension Span<UInt8> {
    /// The bytes as an array of their own.
    var array: [UInt8] { indices.map { self[$0] } }

    /// The first byte, for choices, and the rest; an empty input has none.
    var choices: (byte: UInt8, rest: [UInt8]) { isEmpty ? (0, []) : (self[0], extracting(1..<count).array) }
}

extension [UInt8] {
    /// The lines, without their LF; what follows the last LF is one too, even if it is empty.
    var lines: [ArraySlice<UInt8>] {
        split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }

    /// As UTF-8, mended.
    var text: String { String(decoding: self, as: UTF8.self) }
}

extension ArraySlice<UInt8> {
    var text: String { String(decoding: self, as: UTF8.self) }
    var secret: Secret { Secret(copying: Array(self).span) }
}

extension Secret {
    var array: [UInt8] { withBytes { $0.array } }
}
