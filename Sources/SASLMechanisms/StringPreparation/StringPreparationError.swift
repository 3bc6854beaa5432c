/// Why a name or a password can't be prepared; says nothing of the text, which may be a password.
public enum StringPreparationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It isn't UTF-8.
    case notUTF8
    /// It has more than 8 KiB.
    case tooLong
    /// It holds a control character or something else that RFC 4013 section 2.3 prohibits.
    case prohibitedCharacter
    /// It mixes right-to-left with left-to-right letters, or doesn't begin and end with the former (RFC 3454
    /// section 6).
    case mixedDirections
    /// A stored string holds a character that Unicode 3.2 doesn't have (RFC 4013 section 2.5).
    case unassignedCharacter
    /// Nothing of it is left.
    case empty

    public var description: String {
        switch self {
        case .notUTF8: "the text is not UTF-8"
        case .tooLong: "the text is longer than 8 KiB"
        case .prohibitedCharacter: "the text holds a character that SASLprep (RFC 4013) prohibits"
        case .mixedDirections: "SASLprep (RFC 4013) forbids right-to-left and left-to-right letters in one text"
        case .unassignedCharacter: "the text holds a character that SASLprep (RFC 4013) does not know"
        case .empty: "SASLprep (RFC 4013) leaves nothing of the text"
        }
    }
}
