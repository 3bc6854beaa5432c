internal import AuthDatabases
internal import Encodings
internal import SASLMechanisms

/// Where things are in an AUTH line that begins a login in which nothing is special: by PLAIN, or by LOGIN without an
/// initial response.
///
/// Of the parameters only those are looked at that could make it special; the others matter to logins that fail, or to
/// rules, and logins of either kind are not direct.
struct DirectLine {
    let mechanism: DirectMechanism
    /// The request's id, in the plain decimal in which it comes back.
    let id: Range<Int>
    /// The value of `rip=`, be it an address or not; empty if there is none.
    let address: Range<Int>
    /// The text of `resp=`.
    let response: Range<Int>?

    /// - Returns: nil for every other line, be it right or wrong.
    init?(_ line: Span<UInt8>) {
        let tab = UInt8(ascii: "\t")
        guard line.count > 11, line.has("AUTH\t", at: 0) else { return nil }
        guard let idEnd = line.firstIndex(of: tab, in: 5..<min(line.count, 15)), idEnd > 5, idEnd < 15,
            // Zeros at the head don't come back, and zero is no id.
            line[5] != UInt8(ascii: "0")
        else { return nil }
        for index in 5..<idEnd where !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= line[index]) { return nil }
        let isPlain = line.has("PLAIN\t", at: idEnd + 1)
        guard isPlain || line.has("LOGIN\t", at: idEnd + 1) else { return nil }
        var start = idEnd + 7
        var parameters = Parameters()
        while let end = line.firstIndex(of: tab, in: start..<line.count) {
            guard parameters.take(line, start..<end) else { return nil }
            start = end + 1
        }
        if isPlain, line.has("resp=", at: start) {
            response = start + 5..<line.count
        } else {
            // A CR at the end is none of the last parameter.
            guard parameters.take(line, start..<line.count), line[line.count - 1] != UInt8(ascii: "\r") else { return nil }
            response = nil
        }
        guard parameters.hasService else { return nil }
        mechanism = isPlain ? .plain : .login
        id = 5..<idEnd
        address = parameters.address
    }

    /// What matters of the parameters before the response.
    private struct Parameters {
        var hasService = false
        var address = 0..<0

        /// - Returns: false if this one makes the line special.
        @inline(__always)
        mutating func take(_ line: Span<UInt8>, _ place: Range<Int>) -> Bool {
            guard !place.isEmpty else { return true }
            let start = place.lowerBound
            switch line[start] {
            case UInt8(ascii: "s"), UInt8(ascii: "p"):
                if line.has("service=", at: start) || line.has("protocol=", at: start) { hasService = true }
            case UInt8(ascii: "r"):
                // Nothing may follow it.
                if line.has("resp", at: start) { return false }
                if line.has("rip=", at: start) {
                    // Which of several counts is for the machine to say.
                    guard address.isEmpty else { return false }
                    address = start + 4..<place.upperBound
                }
            case UInt8(ascii: "d"):
                if line.has("debug", at: start) { return false }
            case UInt8(ascii: "f"):
                if line.has("forward_fields", at: start) { return false }
            default: break
            }
            return true
        }
    }
}
