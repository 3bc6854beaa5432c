internal import Logging
internal import Synchronization

/// Writes swift-log's messages in the shape of Dovecot 2.3's log, on which admins' filters rely.
struct DovecotLogHandler: LogHandler {
    private let destination: LogDestination
    var metadata: Logger.Metadata = [:]
    /// Decided by the destination, which a reload may change, so that every copy of a logger follows.
    var logLevel: Logger.Level {
        get { destination.level }
        set { destination.level = newValue }
    }

    init(_ destination: LogDestination) {
        self.destination = destination
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        destination.write(Self.oneLine("\(event.message)"), level: event.level)
    }

    /// A message must stay one line, or a peer could forge others.
    private static func oneLine(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 }) else { return text }
        return String(decoding: text.utf8.map { $0 < 0x20 && $0 != 0x09 ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
    }
}

/// The sinks that are in force, by level, exchangeable at a reload.
final class LogDestination: Sendable {
    struct Sinks: Sendable {
        var errors: any LogSink
        var info: any LogSink
        var debug: any LogSink
    }

    private struct State {
        var sinks: Sinks
        var level: Logger.Level
    }

    private let state: Mutex<State>

    init(_ sinks: Sinks, level: Logger.Level) {
        state = Mutex(State(sinks: sinks, level: level))
    }

    var level: Logger.Level {
        get { state.withLock { $0.level } }
        set { state.withLock { $0.level = newValue } }
    }

    var sinks: Sinks { state.withLock { $0.sinks } }

    func replace(_ sinks: Sinks, level: Logger.Level) {
        state.withLock { $0 = State(sinks: sinks, level: level) }
    }

    func write(_ text: String, level: Logger.Level) {
        let sinks = self.sinks
        switch level {
        case .trace, .debug: sinks.debug.write(text, level: level)
        case .info, .notice: sinks.info.write(text, level: level)
        case .warning, .error, .critical: sinks.errors.write(text, level: level)
        }
    }
}
