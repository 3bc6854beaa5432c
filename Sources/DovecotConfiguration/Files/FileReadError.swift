/// Why a file could not be read.
public struct FileReadError: Error, Sendable, Equatable {
    /// The system's text, such as `No such file or directory`.
    public var reason: String

    /// The given reason.
    public init(reason: String) {
        self.reason = reason
    }
}
