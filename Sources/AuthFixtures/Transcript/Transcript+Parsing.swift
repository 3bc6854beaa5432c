extension Transcript {
    /// Reads a transcript.
    ///
    /// - Parameters:
    ///   - text: the file's content.
    ///   - name: the file's name, for messages.
    /// - Throws: ``TranscriptError`` for the first line that can't be read.
    public init(parsing text: String, name: String) throws(TranscriptError) {
        var steps: [Step] = []
        var title: String?
        var dovecotDiffers: String?
        var lineNumber = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            lineNumber += 1
            if line.hasPrefix("#") {
                let comment = line.drop { $0 == "#" || $0 == " " }
                title = title ?? String(comment)
                let mark = "Dovecot differs: "
                if comment.hasPrefix(mark) { dovecotDiffers = String(comment.dropFirst(mark.count)) }
                continue
            }
            guard line.contains(where: { $0 != " " }) else { continue }
            do throws(LinePattern.Malformed) {
                steps.append(Step(lineNumber: lineNumber, event: try Self.event(line)))
            } catch {
                throw TranscriptError(file: name, line: lineNumber, reason: error.reason)
            }
        }
        guard !steps.isEmpty else { throw TranscriptError(file: name, line: 0, reason: "there is no line to play") }
        self.init(name: name, title: title ?? "", dovecotDiffers: dovecotDiffers, steps: steps)
    }

    private static func event(_ line: Substring) throws(LinePattern.Malformed) -> Event {
        func text(after prefix: String) -> String? {
            // Editors strip blanks at a line's end, so "C:" alone is an empty line.
            if line == prefix { return "" }
            return line.hasPrefix(prefix + " ") ? String(line.dropFirst(prefix.utf8.count + 1)) : nil
        }
        if let text = text(after: "C:") { return .clientLine(try LinePattern(parsing: text)) }
        if let text = text(after: "S:") { return .serverLine(try LinePattern(parsing: text)) }
        if let text = text(after: "S~:") { return .serverLineInAnyOrder(try LinePattern(parsing: text)) }
        let words = line.split(separator: " ")
        switch (words.first, words.count) {
        case ("C-flush", 1): return .clientFlush
        case ("C-close", 1): return .clientClose
        case ("C-connect", 1): return .clientConnect
        case ("S-close", 1): return .serverClose
        case ("S-greeting", _): return .serverGreeting(mechanisms: words.dropFirst().map(String.init))
        case ("S-silence", 2): return .serverSilence(try duration(words[1]))
        case ("S-after", 2):
            guard let dots = words[1].firstRange(of: "..") else {
                throw .init(reason: "S-after needs two times, such as 1.5s..2.5s")
            }
            let lower = try duration(words[1][..<dots.lowerBound])
            let upper = try duration(words[1][dots.upperBound...])
            guard lower <= upper else { throw .init(reason: "S-after \(words[1]) ends before it begins") }
            return .serverDelay(lower...upper)
        default:
            throw .init(
                reason: """
                    "\(words.first ?? "")" is unknown, or has the wrong number of words: a line is "C: …", "S: …", \
                    "S~: …", C-flush, C-close, C-connect, S-close, "S-greeting MECHANISM…", "S-after 1.5s..2.5s" or \
                    "S-silence 0.3s"
                    """)
        }
    }

    /// `2s`, `1.5s`: up to three digits behind the point.
    private static func duration(_ text: Substring) throws(LinePattern.Malformed) -> Duration {
        let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        guard text.hasSuffix("s"), (1...2).contains(parts.count), fraction.count <= 3, parts[0].count <= 6,
            let seconds = UInt32(parts[0]),
            let milliseconds = UInt32(fraction + String(repeating: "0", count: 3 - fraction.count))
        else { throw .init(reason: "\(text) is no time such as 2s or 1.5s") }
        return .milliseconds(Int(seconds) * 1000 + Int(milliseconds))
    }
}
