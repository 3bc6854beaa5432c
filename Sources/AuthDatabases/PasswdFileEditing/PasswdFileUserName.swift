/// A name that a passwd-file can hold: any text that does not end the field or make the line a comment.
package struct PasswdFileUserName: Sendable, Hashable {
    package let text: String

    /// - Throws: ``PasswdFileEditError`` with code `invalidUserName`.
    package init(_ text: String) throws(PasswdFileEditError) {
        if let problem = Self.problem(of: text) {
            throw PasswdFileEditError(.invalidUserName, "the user name \(problem); choose another")
        }
        self.text = text
    }

    private static func problem(of text: String) -> String? {
        if text.isEmpty { return "is empty" }
        if text.utf8.first == UInt8(ascii: "#") { return "begins with #, which makes the line a comment" }
        if text.utf8.contains(UInt8(ascii: ":")) { return "has a colon, which ends the field" }
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return "has a line end or control character" }
        // Swift puts this in the place of bytes that are no UTF-8: the name would be another than the one meant.
        if text.unicodeScalars.contains("\u{fffd}") { return "is not valid UTF-8" }
        return nil
    }
}
