/// A character that came with a text from a web page or an editor, and that is easily taken for another or not seen.
///
/// Dovecot takes it for a letter like any other, so that its messages show nothing wrong.
struct StrayCharacter: Equatable, Sendable {
    let scalar: Unicode.Scalar

    /// The first one of a line, if it has any; bytes that are not UTF-8 hold none.
    static func first(in line: ArraySlice<UInt8>) -> StrayCharacter? {
        guard line.contains(where: { $0 >= 0x80 }), let text = String(validating: line, as: UTF8.self) else { return nil }
        return text.unicodeScalars.lazy.compactMap(StrayCharacter.init).first
    }

    init?(_ scalar: Unicode.Scalar) {
        guard !scalar.isASCII, Kind(scalar) != nil else { return nil }
        self.scalar = scalar
    }

    /// It is not seen at all, or looks like a blank.
    var isInvisible: Bool {
        switch Kind(scalar) {
        case .blank, .nothing: true
        case .quote, .dash, nil: false
        }
    }

    /// What it is and what to do about it.
    var explanation: String {
        let hexadecimal = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - hexadecimal.count)) + hexadecimal
        guard scalar != "\u{FEFF}" else {
            return "the line holds \(code) (a byte order mark), which is not shown; save the file as UTF-8 without one"
        }
        let name = scalar.properties.name.map { " (\($0.lowercased()))" } ?? ""
        let what = "the line holds \(code)\(name)"
        return switch Kind(scalar) {
        case .blank: "\(what), which looks like a blank; type a blank in its place"
        case .quote: "\(what), which is no quote; type \" in its place"
        case .dash: "\(what), which is no hyphen; type - in its place"
        case .nothing, nil: "\(what), which is not shown; take it out"
        }
    }

    private enum Kind {
        case blank, nothing, quote, dash

        init?(_ scalar: Unicode.Scalar) {
            switch scalar.properties.generalCategory {
            case .spaceSeparator, .lineSeparator, .paragraphSeparator: self = .blank
            case .format: self = .nothing
            case .initialPunctuation, .finalPunctuation: self = .quote
            // Both are opening brackets for Unicode, and quotes in German and others.
            case .openPunctuation where scalar == "\u{201E}" || scalar == "\u{201A}": self = .quote
            case .dashPunctuation: self = .dash
            default: return nil
            }
        }
    }
}
