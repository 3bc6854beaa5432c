/// All that is wrong with a configuration, in the order of the files.
public struct ConfigurationErrors: Error, Sendable, Equatable, CustomStringConvertible {
    /// One mistake, where it is and what to do about it.
    public struct Entry: Error, Sendable, Equatable, CustomStringConvertible {
        /// Where the mistake is.
        public var location: SourceLocation

        /// What is wrong and what to do.
        public var message: String

        /// A mistake at the given place.
        public init(location: SourceLocation, message: String) {
            self.location = location
            self.message = message
        }

        /// `FILE:LINE: MESSAGE`.
        public var description: String {
            "\(location): \(message)"
        }
    }

    /// The mistakes; at least one.
    public var entries: [Entry]

    /// The given mistakes.
    public init(_ entries: [Entry]) {
        self.entries = entries
    }

    /// One line per mistake.
    public var description: String {
        entries.map(\.description).joined(separator: "\n")
    }
}
