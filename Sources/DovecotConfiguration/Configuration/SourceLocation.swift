/// A line of a configuration file.
public struct SourceLocation: Sendable, Equatable, Hashable, CustomStringConvertible {
    /// Path of the file as it was opened.
    public var file: String

    /// Line number from 1; 0 for the file as a whole.
    public var line: Int

    /// The given line of the given file.
    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// `FILE:LINE`, or `FILE` alone for the file as a whole.
    public var description: String {
        line == 0 ? file : "\(file):\(line)"
    }
}
