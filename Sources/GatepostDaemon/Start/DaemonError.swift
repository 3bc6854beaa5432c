/// Why the daemon can't start, with the remedy.
public struct DaemonError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
