/// Where a conversation first went another way than its transcript.
public struct TranscriptDifference: Error, Hashable, Sendable, CustomStringConvertible {
    /// The transcript's file.
    public let file: String
    /// The line of the transcript that did not come true, counted from 1.
    public let line: Int
    /// What should have happened, as it stands in the transcript.
    public let expected: String
    /// What happened.
    public let actual: String
    /// All that was said before, as it would stand in a transcript.
    public let conversation: [String]

    /// Both, and the last lines of the conversation before.
    public var description: String {
        """
        \(file):\(line): the conversation differs from the transcript
          expected  \(expected)
          actual    \(actual)
        after
        \(conversation.suffix(12).map { "  " + $0 }.joined(separator: "\n"))
        """
    }
}
