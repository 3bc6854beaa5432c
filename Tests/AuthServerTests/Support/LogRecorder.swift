import Logging
import Synchronization

/// Keeps what is logged.
final class LogRecorder: Sendable {
    struct Line: Equatable {
        var level: Logger.Level
        var text: String
    }

    private struct State {
        var lines: [Line] = []
        var waiting: [(text: String, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var lines: [Line] { state.withLock { $0.lines } }

    var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    /// Returns as soon as a line that holds `text` is there.
    func wait(for text: String) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.lines.contains(where: { $0.text.contains(text) }) { return true }
                state.waiting.append((text, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func append(_ line: Line) {
        let met = state.withLock { state in
            state.lines.append(line)
            let met = state.waiting.filter { line.text.contains($0.text) }
            state.waiting.removeAll { line.text.contains($0.text) }
            return met
        }
        for waiter in met { waiter.continuation.resume() }
    }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            recorder.append(Line(level: event.level, text: "\(event.message)"))
        }
    }
}
