import Glibc
import Testing

@testable import AuthServer

/// Loops that serve one socket.
final class LoopsUnderTest: Sendable {
    let registry: ConnectionRegistry
    let group: EventLoopGroup
    private let log = LogRecorder()
    private let socket: ListeningSocket
    private let directory: TestDirectory

    var path: String { socket.address.path }

    init(_ count: Int, limit: Int = 20_000, _ kind: any ConnectionKind) async throws {
        directory = try TestDirectory()
        socket = try ListeningSocket.bind(.init(path: directory.path + "/peers"))
        registry = ConnectionRegistry(limit: limit)
        group = try EventLoopGroup(loops: count, registry: registry, logger: log.logger)
        let listener = LoopListener(number: 1, descriptor: socket.descriptor, kind: kind)
        socket.stopBlocking()
        try await group.onEveryLoop { loop, _ throws(SystemFailure) in try loop.add(listener) }
    }

    /// Has every loop hand all its connections that can be moved to the next one, again and again.
    func keepMoving(while goesOn: @escaping @Sendable () -> Bool) -> WorkerThread? {
        let handles = group.handles
        return WorkerThread(name: "mover") {
            while goesOn() {
                for (number, handle) in handles.enumerated() {
                    let next = handles[(number + 1) % handles.count]
                    handle.post { loop, turn in loop.handOver(.max, to: next, &turn) { _ in true } }
                    usleep(100)
                }
            }
        }
    }

    /// Ends the loops, with whatever connections there are.
    func end() async throws {
        try await group.onEveryLoop { loop, _ in loop.removeListener(1) }
        socket.discard()
        group.end()
        #expect(registry.count == 0)
        #expect(group.loads.allSatisfy { $0 == 0 })
    }
}
