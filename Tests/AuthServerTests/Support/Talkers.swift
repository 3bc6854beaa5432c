import AuthServer
import Synchronization
import Testing

/// Clients that always have something to say to an echo, and look at what comes back.
final class Talkers: Sendable {
    private final class State: Sendable {
        let isOver = Mutex(false)
        let complaints = Mutex([String]())
    }

    private let state = State()
    private let threads: [WorkerThread]

    init(_ count: Int, _ path: String) throws {
        let crowd = try SocketCrowd(count, path)
        for index in 0..<count { #expect(crowd.read(from: index, through: "\n") == "hello\n") }
        threads = (0..<2).compactMap { [state] number in
            WorkerThread(name: "talker") {
                var round = 0
                while !state.isOver.withLock({ $0 }) {
                    let lines = (0..<100).map { "\(round) \($0)\n" }.joined()
                    for index in stride(from: number, to: count, by: 2) { crowd.write(lines, to: index) }
                    for index in stride(from: number, to: count, by: 2) {
                        let answer = crowd.read(from: index, through: "\n\(round) 99\n")
                        guard answer != lines else { continue }
                        state.complaints.withLock { $0.append("\(index): \(answer)") }
                        return
                    }
                    round += 1
                }
            }
        }
    }

    /// Lets them come to an end, and says what was not as it should have been.
    func end() -> [String] {
        state.isOver.withLock { $0 = true }
        for thread in threads { thread.join() }
        return state.complaints.withLock { $0 }
    }
}
