public import Secrets

/// SASLprep (RFC 4013): makes texts that look the same be the same bytes.
///
/// Where tables B.1 and C.1.2 both have a character (U+200B), it is removed.
public enum SASLprep {
    /// What a text is for (RFC 3454 section 7).
    public enum Purpose: Hashable, Sendable {
        /// To be compared with a stored one: characters newer than Unicode 3.2 pass as they are.
        case query
        /// To be stored, or to derive stored keys from: such characters are refused.
        case stored
    }

    /// The longest text, in bytes.
    static let longest = 8 * 1024

    /// The prepared name.
    ///
    /// - Throws: ``StringPreparationError``.
    public static func prepare(_ name: String, as purpose: Purpose) throws(StringPreparationError) -> String {
        let prepared = try prepare(Secret(copying: Array(name.utf8).span), as: purpose)
        return prepared.withBytes { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
    }

    /// The prepared password; what is needed on the way is wiped.
    ///
    /// - Throws: ``StringPreparationError``.
    public static func prepare(
        _ password: borrowing Secret, as purpose: Purpose
    ) throws(StringPreparationError) -> Secret {
        guard password.count <= longest else { throw .tooLong }
        if password.withBytes(isPlain) { return password.clone() }
        let mapped = WipedScalars(capacity: password.count)
        guard password.withBytes({ mapped.append($0, except: tables.removed, spaces: tables.spaces) }) else {
            throw .notUTF8
        }
        var count = 0
        for scalar in mapped.scalars { count += tables.form.decomposedCount(scalar) }
        let text = WipedScalars(capacity: count)
        for scalar in mapped.scalars { tables.form.decompose(scalar, into: &text.scalars) }
        tables.form.compose(&text.scalars)
        guard !text.scalars.isEmpty else { throw .empty }
        try check(text.scalars, purpose)
        return text.utf8
    }

    /// Whether nothing in it can be prepared: printable ASCII.
    private static func isPlain(_ bytes: Span<UInt8>) -> Bool {
        for index in bytes.indices where !(0x20...0x7e).contains(bytes[index]) { return false }
        return true
    }

    private static func check(_ text: [UInt32], _ purpose: Purpose) throws(StringPreparationError) {
        var isRightToLeft = false
        var isLeftToRight = false
        for scalar in text {
            if tables.prohibited.contains(scalar) { throw .prohibitedCharacter }
            isRightToLeft = isRightToLeft || tables.rightToLeft.contains(scalar)
            isLeftToRight = isLeftToRight || tables.leftToRight.contains(scalar)
        }
        if isRightToLeft {
            guard
                !isLeftToRight, let first = text.first, let last = text.last,
                tables.rightToLeft.contains(first), tables.rightToLeft.contains(last)
            else { throw .mixedDirections }
        }
        if purpose == .stored {
            for scalar in text where tables.unassigned.contains(scalar) { throw .unassignedCharacter }
        }
    }

    private struct Tables: Sendable {
        let removed = ScalarRanges(StringPreparationData.mappedToNothing)
        let spaces = ScalarRanges(StringPreparationData.mappedToSpace)
        let prohibited = ScalarRanges(StringPreparationData.prohibited)
        let rightToLeft = ScalarRanges(StringPreparationData.rightToLeft)
        let leftToRight = ScalarRanges(StringPreparationData.leftToRight)
        let unassigned = ScalarRanges(StringPreparationData.unassigned)
        let form = NormalizationForm()
    }

    /// Unpacked when the first text comes that is more than ASCII.
    private static let tables = Tables()
}
