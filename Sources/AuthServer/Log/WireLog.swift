/// Words the protocol for the debug log, as Dovecot's `auth_debug` does, without what may hold a password.
enum WireLog {
    /// `client in: AUTH⇥1⇥PLAIN⇥service=smtp⇥resp=<hidden>`
    static func input(_ line: Span<UInt8>, showingPasswords: Bool) -> String {
        "client in: " + text(line, upTo: showingPasswords ? line.count : visibleLength(of: line))
    }

    /// `client passdb out: OK⇥1⇥user=alice`
    static func output(_ line: Span<UInt8>) -> String {
        "client passdb out: " + text(line, upTo: line.count)
    }

    /// `master in: USER⇥1⇥alice⇥service=smtp`
    static func masterInput(_ line: Span<UInt8>) -> String {
        "master in: " + text(line, upTo: line.count)
    }

    /// `userdb out: USER⇥1⇥alice⇥uid=1000`, or `passdb out: …`, with fields that may be passwords hidden, as in Dovecot.
    static func masterOutput(_ line: Span<UInt8>) -> String {
        let shown = text(line, upTo: line.count).split(separator: "\t", omittingEmptySubsequences: false).map { field in
            guard let equals = field.firstIndex(of: "="), field[..<equals].contains("pass") else { return String(field) }
            return field[..<equals] + "=<hidden>"
        }
        return (shown.first == "PASS" ? "passdb out: " : "userdb out: ") + shown.joined(separator: "\t")
    }

    /// How much of a line may be shown: nothing behind `resp=` or a CONT's id.
    private static func visibleLength(of line: Span<UInt8>) -> Int {
        var tabs = 0
        let isContinuation = starts(line, with: "CONT\t", at: 0)
        for index in line.indices where line[index] == UInt8(ascii: "\t") {
            tabs += 1
            if isContinuation, tabs == 2 { return index + 1 }
            if starts(line, with: "\tresp=", at: index) { return index + 6 }
        }
        return line.count
    }

    private static func starts(_ line: Span<UInt8>, with word: String, at offset: Int) -> Bool {
        guard line.count - offset >= word.utf8.count else { return false }
        var index = offset
        for byte in word.utf8 {
            if line[index] != byte { return false }
            index += 1
        }
        return true
    }

    private static func text(_ line: Span<UInt8>, upTo end: Int) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(end + 8)
        for index in 0..<end {
            let byte = line[index]
            // The line must stay one line, and do nothing to the terminal that shows it.
            text.append(byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7f ? UInt8(ascii: "?") : byte)
        }
        let shown = String(decoding: text, as: UTF8.self)
        return end < line.count ? shown + "<hidden>" : shown
    }
}
