package import AuthEngine
internal import Secrets

/// The protocol side of a connection: lines in, lines out, without a socket.
///
/// It lives on one event loop at a time, which calls it in turns. All that it appends to a turn's output leaves in one write, and
/// whatever it can't do at once it does in a later turn that it asks for (``LoopTurn/address``).
package protocol PeerConnection: AnyObject {
    /// The connection begins. What is said now is a write of its own, before any input.
    func opened(_ turn: inout LoopTurn)

    /// Takes whole lines from `bytes`: all of them, or as many as it wants.
    ///
    /// - Returns: the number of bytes taken. The loop wipes them; the others come again, with what follows them.
    func received(_ bytes: Span<UInt8>, _ turn: inout LoopTurn) -> Int

    /// The peer will send nothing more, but may still read.
    func inputEnded(_ turn: inout LoopTurn)

    /// The time of ``nextDeadline`` has come.
    func deadlinePassed(_ turn: inout LoopTurn)

    /// All that was said has left. Nothing may be said now, but a later turn may be asked for.
    func outputHasLeft(_ turn: borrowing LoopTurn)

    /// The server ends: what is open is answered, nothing else.
    func drain(_ turn: inout LoopTurn)

    /// The peer is gone, or the connection is closed; nothing comes after this.
    func closed(_ turn: inout LoopTurn)

    /// Whether it would take another line.
    var wantsInput: Bool { get }

    /// Whether the connection is to be closed as soon as what was said has left.
    var hasEnded: Bool { get }

    /// Whether nothing is open any more and nothing new is wanted; held lines are answered first.
    var isDrained: Bool { get }

    /// When ``deadlinePassed(_:)`` has to be called, at the latest. May be early: the loop asks again then.
    var nextDeadline: Instant? { get }

    /// Whether it may go on living on another loop now: it has asked for no turn that is still to come, for that would
    /// not find it there.
    var mayMove: Bool { get }
}

extension PeerConnection {
    package func outputHasLeft(_ turn: borrowing LoopTurn) {}
    package var mayMove: Bool { false }
}

/// One event of one connection, and what it leaves to be sent.
package struct LoopTurn: ~Copyable {
    /// Past this many bytes no more lines are taken before the output has left.
    package static let mostOutput = 65536

    /// The loop's clock.
    package var now: Instant
    /// What is to be sent. The loop uses the same memory for all connections.
    package var output: [UInt8] = []
    package let mailbox: any LoopMailbox
    /// The loop's own, for all its connections.
    var directLogins = DirectLogins()
    /// Whose turn it is.
    package var connection = ConnectionToken(rawValue: 0)

    package init(now: Instant, mailbox: any LoopMailbox) {
        self.now = now
        self.mailbox = mailbox
    }

    /// Where another thread can reach this connection.
    package var address: ConnectionAddress { ConnectionAddress(mailbox: mailbox, connection: connection) }

    package var hasRoom: Bool { output.count < Self.mostOutput }

    /// Forgets what was said; a reply may hold a password (`pass`, which proxies get).
    mutating func wipeOutput() {
        wipe(&output)
    }
}

/// Names a connection of a loop; a later connection in its place has another one.
package struct ConnectionToken: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// Where turns of a loop's connections can be asked for, from any thread.
package protocol LoopMailbox: AnyObject, Sendable {
    /// Has `body` run on the loop as a turn of the connection; if that is gone by then, never.
    func post(
        _ connection: ConnectionToken, _ urgency: Urgency,
        _ body: @escaping @Sendable (any PeerConnection, inout LoopTurn) -> Void)
}

/// When something that is left to a loop is to be done.
package enum Urgency: Sendable {
    case atOnce
    /// Within two milliseconds, together with whatever else comes until then.
    case soon
}

/// A connection as other threads see it.
package struct ConnectionAddress: Sendable {
    let mailbox: any LoopMailbox
    let connection: ConnectionToken

    /// Has `body` run on the connection's loop; if the connection is gone by then, never.
    package func post(
        _ urgency: Urgency = .atOnce, _ body: @escaping @Sendable (any PeerConnection, inout LoopTurn) -> Void
    ) {
        mailbox.post(connection, urgency, body)
    }
}
