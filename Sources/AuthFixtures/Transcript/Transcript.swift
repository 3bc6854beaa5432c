/// A conversation between a client and an auth server, to be played by either side.
public struct Transcript: Hashable, Sendable, CustomStringConvertible {
    /// The file that it was read from, for messages.
    public let name: String
    /// The text's first comment line, which says what it shows.
    public let title: String
    /// What Dovecot 2.3 does instead, where Gatepost leaves it on purpose: the text of a comment
    /// `# Dovecot differs: …`.
    public let dovecotDiffers: String?
    public let steps: [Step]

    /// One line of the file.
    public struct Step: Hashable, Sendable {
        /// Counted from 1.
        public let lineNumber: Int
        public let event: Event
    }

    /// Who does what.
    public enum Event: Hashable, Sendable {
        /// `C:`: the client sends a line. Lines that follow each other go out in one write.
        case clientLine(LinePattern)
        /// `C-flush`: what comes next goes out in a write of its own.
        case clientFlush
        /// `C-close`: the client closes the connection.
        case clientClose
        /// `C-connect`: the client connects anew; the first connection needs no such line.
        case clientConnect
        /// `S:`: the server sends this line next.
        case serverLine(LinePattern)
        /// `S~:`: the server sends this line, in any order with the other `S~:` lines around it.
        case serverLineInAnyOrder(LinePattern)
        /// `S-greeting`: all from VERSION to DONE, offering at least these mechanisms.
        case serverGreeting(mechanisms: [String])
        /// `S-after 1.5s..2.5s`: the next line of the server comes that long after the client's last write.
        case serverDelay(ClosedRange<Duration>)
        /// `S-silence 0.3s`: the server says nothing for that long.
        case serverSilence(Duration)
        /// `S-close`: the server closes the connection.
        case serverClose
    }

    public init(name: String, title: String, dovecotDiffers: String? = nil, steps: [Step]) {
        self.name = name
        self.title = title
        self.dovecotDiffers = dovecotDiffers
        self.steps = steps
    }

    public var description: String { title.isEmpty ? name : "\(name): \(title)" }
}
