import AuthEngine
import Synchronization
import Testing

@testable import AuthServer

/// Says hello, and every line back; `bye` ends it.
final class EchoConnection: PeerConnection {
    private(set) var hasEnded = false
    private(set) var isDrained = false
    let wantsInput = true
    let nextDeadline: Instant? = nil
    let mayMove = true
    private let kind: EchoKind

    init(_ kind: EchoKind) { self.kind = kind }

    func opened(_ turn: inout LoopTurn) {
        kind.arrived(turn.address)
        turn.output += "hello\n".utf8
    }

    func received(_ bytes: Span<UInt8>, _ turn: inout LoopTurn) -> Int {
        var start = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") && !hasEnded {
            let line = (start...index).map { bytes[$0] }
            if line.elementsEqual("bye\n".utf8) { hasEnded = true }
            turn.output += line
            start = index + 1
        }
        return start
    }

    func say(_ text: String, _ turn: inout LoopTurn) { turn.output += text.utf8 }
    func end() { hasEnded = true }

    func inputEnded(_ turn: inout LoopTurn) { isDrained = true }
    func deadlinePassed(_ turn: inout LoopTurn) {}
    func drain(_ turn: inout LoopTurn) { isDrained = true }
    func closed(_ turn: inout LoopTurn) { kind.departed() }
}

/// Makes them, and knows where they are.
final class EchoKind: ConnectionKind {
    private let state = Mutex((addresses: [ConnectionAddress](), left: 0, credentials: [PeerCredentials?]()))

    var addresses: [ConnectionAddress] { state.withLock { $0.addresses } }
    var left: Int { state.withLock { $0.left } }
    var credentials: [PeerCredentials?] { state.withLock { $0.credentials } }

    func makeConnection(_ arrival: ArrivedPeer, at now: Instant) -> (any PeerConnection)? {
        let credentials = arrival.credentials
        state.withLock { $0.credentials.append(credentials) }
        return EchoConnection(self)
    }

    func arrived(_ address: ConnectionAddress) { state.withLock { $0.addresses.append(address) } }
    func departed() { state.withLock { $0.left += 1 } }
}

/// Loops that serve one socket of echoes.
final class EchoServer: Sendable {
    let kind: EchoKind
    private let loops: LoopsUnderTest

    var registry: ConnectionRegistry { loops.registry }
    var group: EventLoopGroup { loops.group }
    var path: String { loops.path }

    init(loops count: Int, limit: Int = 20_000) async throws {
        kind = EchoKind()
        loops = try await LoopsUnderTest(count, limit: limit, kind)
    }

    func greeted() async throws -> SocketClient {
        let client = try SocketClient(path)
        #expect(await client.read(through: "hello\n") == "hello\n")
        return client
    }

    func end() async throws { try await loops.end() }
}
