internal import Secrets

/// What the connections of one round are owed: sent when several that were ready have had their turn.
///
/// Were each sent at once, a peer that serves several of them would be woken up for a single reply, again and again; were
/// all sent at the end, it would have nothing to do until then. The memory is the loop's.
struct Outbox: ~Copyable {
    /// So many bytes are sent before the round is over: nobody waits long for what others want.
    private static let most = 16384
    /// To so many connections.
    private static let mostConnections = 16

    private var bytes: [UInt8] = []
    private var owed: [(connection: SocketConnection, count: Int)] = []

    var isEmpty: Bool { owed.isEmpty }
    var isFull: Bool { bytes.count >= Self.most || owed.count >= Self.mostConnections }

    /// Adds a copy of what was said to the peer of `connection`; whoever owns that wipes it.
    mutating func add(_ output: [UInt8], for connection: SocketConnection) {
        bytes.append(contentsOf: output)
        owed.append((connection, output.count))
    }

    /// Hands out what each is owed, in the order in which it was added.
    mutating func empty(_ send: (SocketConnection, Span<UInt8>) -> Void) {
        var start = 0
        for (connection, count) in owed {
            send(connection, bytes.span.extracting(start..<start + count))
            start += count
        }
        owed.removeAll(keepingCapacity: true)
        wipe(&bytes)
    }
}
