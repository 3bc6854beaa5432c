/// What was said so far, and how to report a difference.
struct Conversation {
    let transcript: Transcript
    private(set) var lines: [String] = []

    init(_ transcript: Transcript) { self.transcript = transcript }

    mutating func note(_ speaker: String, _ line: [UInt8]) {
        lines.append("\(speaker): \(LinePattern.visible(line))")
    }

    mutating func note(_ event: String) {
        lines.append(event)
    }

    func difference(_ step: Transcript.Step, expected: String, actual: String) -> TranscriptDifference {
        TranscriptDifference(
            file: transcript.name, line: step.lineNumber, expected: expected, actual: actual, conversation: lines)
    }

    func difference(
        _ step: Transcript.Step, _ speaker: String, expected: LinePattern, _ arrival: LineMailbox.Arrival,
        within limit: Duration
    ) -> TranscriptDifference {
        let actual =
            switch arrival {
            case .line(let line): "\(speaker): \(LinePattern.visible(line))"
            case .closed: "\(speaker)-close"
            case .nothingInTime: "nothing within \(limit)"
            }
        return difference(step, expected: "\(speaker): \(expected)", actual: actual)
    }
}
