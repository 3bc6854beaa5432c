internal import AuthDatabases
internal import Encodings

/// Where things are in an AUTH line that begins a login by PLAIN in which nothing is special.
///
/// Of the parameters only those are looked at that could make it special; the others matter to logins that fail, or to
/// rules, and logins of either kind are not direct.
struct DirectLine {
    /// The request's id, in the plain decimal in which it comes back.
    let id: Range<Int>
    /// The value of `rip=`, be it an address or not; empty if there is none.
    let address: Range<Int>
    /// The text of `resp=`.
    let response: Range<Int>

    /// - Returns: nil for every other line, be it right or wrong.
    init?(_ line: Span<UInt8>) {
        let tab = UInt8(ascii: "\t")
        guard line.count > 11, line.has("AUTH\t", at: 0) else { return nil }
        guard let idEnd = line.firstIndex(of: tab, in: 5..<min(line.count, 15)), idEnd > 5, idEnd < 15,
            // Zeros at the head don't come back, and zero is no id.
            line[5] != UInt8(ascii: "0")
        else { return nil }
        for index in 5..<idEnd where !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= line[index]) { return nil }
        guard line.has("PLAIN\t", at: idEnd + 1) else { return nil }
        var start = idEnd + 7
        var hasService = false
        var address = 0..<0
        while let end = line.firstIndex(of: tab, in: start..<line.count) {
            switch start < end ? line[start] : tab {
            case UInt8(ascii: "s"), UInt8(ascii: "p"):
                if line.has("service=", at: start) || line.has("protocol=", at: start) { hasService = true }
            case UInt8(ascii: "r"):
                // Nothing may follow it.
                if line.has("resp", at: start) { return nil }
                if line.has("rip=", at: start) {
                    // Which of several counts is for the machine to say.
                    guard address.isEmpty else { return nil }
                    address = start + 4..<end
                }
            case UInt8(ascii: "d"):
                if line.has("debug", at: start) { return nil }
            case UInt8(ascii: "f"):
                if line.has("forward_fields", at: start) { return nil }
            default: break
            }
            start = end + 1
        }
        guard hasService, line.has("resp=", at: start) else { return nil }
        id = 5..<idEnd
        self.address = address
        response = start + 5..<line.count
    }
}

extension Span<UInt8> {
    /// Whether `word` stands at `start`.
    @inline(__always)
    fileprivate func has(_ word: StaticString, at start: Int) -> Bool {
        let length = word.utf8CodeUnitCount
        guard start + length <= count else { return false }
        // A StaticString's bytes live as long as the program.
        let expected = unsafe UnsafeBufferPointer(start: word.utf8Start, count: length)
        for offset in 0..<length where unsafe self[start + offset] != expected[offset] { return false }
        return true
    }
}
