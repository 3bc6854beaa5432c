internal import AuthEngine
internal import CPlatform
internal import Glibc

/// One accepted connection: its socket, and what flows through it.
final class SocketConnection {
    let socket: ConnectedSocket
    /// Its table's.
    var token = ConnectionToken(rawValue: 0)
    /// The stream's own, here as well: each look at the stream is checked for exclusivity.
    let peer: any PeerConnection
    var stream: ConnectionStream
    /// For what its loop watches the socket.
    var kinds: ReadinessQueue.Kinds = .readable
    /// When the loop calls at the latest.
    var armed = Instant.never
    /// Whether only what was said has still to leave.
    var isEnding = false
    /// The last of its loop's periods in which it was busy.
    var busyPeriod: UInt32 = 0
    /// In how many it was, up to those that prove that it lasts.
    var busyPeriods: UInt8 = 0

    /// Whether another loop can have it: it is only read from, and nothing is on its way to where it is now.
    var mayMove: Bool { kinds == .readable && !isEnding && peer.mayMove }

    init(_ socket: ConnectedSocket, _ peer: any PeerConnection) {
        self.socket = socket
        self.peer = peer
        stream = ConnectionStream(peer)
    }
}

/// A socket that does not block.
struct ConnectedSocket: StreamSocket {
    enum Arrival {
        case bytes(Int)
        case nothing
        case endOfInput
        case peerIsGone
    }

    let descriptor: Int32

    func send(_ bytes: Span<UInt8>) -> SendOutcome {
        while true {
            // The kernel reads within the span, during the call.
            let count = unsafe bytes.withUnsafeBytes { unsafe gatepost_send(descriptor, $0.baseAddress!, $0.count) }
            if count >= 0 { return .sent(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN, ENOBUFS, ENOMEM: return .sent(0)
            default: return .peerIsGone
            }
        }
    }

    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Arrival {
        // The kernel writes within the buffer, during the call.
        let count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return .bytes(count) }
        if count == 0 { return .endOfInput }
        return errno == EAGAIN || errno == EINTR ? .nothing : .peerIsGone
    }

    func close() { Glibc.close(descriptor) }
}

extension Instant {
    /// What no clock reaches.
    static let never = Instant(nanoseconds: .max)
}
