/// One reply of an SMTP server, all its lines.
struct SMTPReply: CustomStringConvertible {
    let code: Int
    let lines: [String]

    /// The last line's text behind the code.
    var text: String { String(lines.last?.dropFirst(4) ?? "") }
    var description: String { lines.joined(separator: "\n") }

    /// The texts that begin with AUTH, as EHLO shows them.
    var authLines: [String] {
        lines.map { String($0.dropFirst(4)) }.filter { $0.hasPrefix("AUTH") }
    }

    func offers(_ extensionName: String) -> Bool {
        lines.contains { $0.dropFirst(4) == extensionName }
    }
}
