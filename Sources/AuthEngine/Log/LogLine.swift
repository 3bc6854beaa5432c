/// One line for the log, in the words of Dovecot 2.3, which admins' filters know.
public struct LogLine: Hashable, Sendable {
    public enum Level: Hashable, Sendable {
        case debug, info, warning, error
    }

    public var level: Level
    public var text: String

    public init(_ level: Level, _ text: String) {
        self.level = level
        self.text = text
    }
}
