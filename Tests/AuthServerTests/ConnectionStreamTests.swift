import AuthEngine
import Testing

@testable import AuthServer

@Suite("The bytes between a socket and a protocol")
struct ConnectionStreamTests {
    private final class Stream {
        let socket = FakeSocket()
        let peer: ScriptedPeer
        var stream: ConnectionStream
        var turn = LoopTurn(now: Instant(nanoseconds: 0), mailbox: FakeMailbox())

        init(_ peer: ScriptedPeer = ScriptedPeer()) {
            self.peer = peer
            stream = ConnectionStream(peer)
        }

        func receive(_ text: String) -> ConnectionStream.Standing {
            take(text)
            return settle()
        }

        func take(_ text: String) { stream.received(Array(text.utf8).span, &turn) }

        var mayWait: Bool { stream.mayWait(turn) }

        /// As a loop does after others' turns.
        func settleLater() -> ConnectionStream.Standing {
            let output = turn.output
            turn.wipeOutput()
            return stream.settle(sending: output.span, &turn, socket)
        }

        func settle() -> ConnectionStream.Standing { stream.settle(&turn, socket) }

        var sent: [String] { socket.writes.map { String(decoding: $0, as: UTF8.self) } }
    }

    /// Says every line back in capitals; takes as many lines as it may.
    private final class ScriptedPeer: PeerConnection {
        var mayTake = Int.max
        var hasEnded = false
        var isDrained = false
        let nextDeadline: Instant? = nil
        var isClosed = false
        /// How long an answer is.
        var factor = 1

        var wantsInput: Bool { mayTake > 0 }

        func opened(_ turn: inout LoopTurn) {}

        func received(_ bytes: Span<UInt8>, _ turn: inout LoopTurn) -> Int {
            var start = 0
            while wantsInput, turn.hasRoom, !hasEnded {
                guard let end = (start..<bytes.count).first(where: { bytes[$0] == UInt8(ascii: "\n") }) else { break }
                let line = String(decoding: (start..<end).map { bytes[$0] }, as: UTF8.self)
                turn.output += (String(repeating: line.uppercased(), count: factor) + "\n").utf8
                if line == "quit" { hasEnded = true }
                start = end + 1
                mayTake -= 1
            }
            return start
        }

        func inputEnded(_ turn: inout LoopTurn) { isDrained = true }
        func deadlinePassed(_ turn: inout LoopTurn) {}
        func drain(_ turn: inout LoopTurn) { isDrained = true }
        func closed(_ turn: inout LoopTurn) { isClosed = true }
    }

    @Test("What the socket has no room for is kept, nothing is read meanwhile, and all arrives in order")
    func partialWrites() {
        let stream = Stream()
        stream.socket.room = 3
        #expect(stream.receive("abcde\nfg\n") == .init(reads: false, writes: true))
        #expect(stream.sent == ["ABC"])
        // A reply that comes later waits behind what is kept.
        stream.turn.output += "LATER\n".utf8
        stream.socket.room = 4
        #expect(stream.settle() == .init(reads: false, writes: true))
        stream.socket.room = .max
        #expect(stream.settle() == .init(reads: true, writes: false))
        #expect(stream.sent.joined() == "ABCDE\nFG\nLATER\n")
        #expect(stream.receive("x\n") == .init(reads: true))
        #expect(stream.sent.last == "X\n")
    }

    @Test("Output may wait for others' turns if nothing else is to be done, and what doesn't fit then is kept")
    func outputThatWaits() {
        let stream = Stream()
        #expect(!stream.mayWait)
        stream.take("abc\nd")
        #expect(stream.mayWait)
        stream.socket.room = 2
        #expect(stream.settleLater() == .init(reads: false, writes: true))
        stream.take("\n")
        // It would overtake what was kept.
        #expect(!stream.mayWait)
        stream.socket.room = .max
        #expect(stream.settle() == .init(reads: true))
        #expect(stream.sent.joined() == "ABC\nD\n")
        stream.take("quit\n")
        #expect(!stream.mayWait)
        stream.socket.isGone = true
        #expect(stream.settleLater() == .init(isOver: true))
    }

    @Test("Lines that are not wanted yet wait, and are taken as soon as they are")
    func heldLines() {
        let stream = Stream()
        stream.peer.mayTake = 1
        #expect(stream.receive("a\nb\nc\nd") == .init(reads: false))
        #expect(stream.sent == ["A\n"])
        stream.peer.mayTake = 1
        #expect(stream.settle() == .init(reads: false))
        stream.peer.mayTake = 5
        #expect(stream.settle() == .init(reads: true))
        #expect(stream.sent == ["A\n", "B\n", "C\n"])
        #expect(stream.receive("e\n") == .init(reads: true))
        #expect(stream.sent.last == "DE\n")
    }

    @Test("Answers that are longer than their requests do not pile up: lines wait until the peer reads")
    func longAnswers() {
        let stream = Stream()
        stream.peer.factor = 10_000
        stream.socket.room = 0
        let lines = String(repeating: "ab\n", count: 1000)
        #expect(stream.receive(lines) == .init(reads: false, writes: true))
        // So many were taken until the limit was passed, at 20 001 bytes an answer.
        #expect(1000 - (Int.max - stream.peer.mayTake) == 996)
        stream.socket.room = .max
        #expect(stream.settle() == .init(reads: true))
        #expect(stream.sent.joined() == String(repeating: String(repeating: "AB", count: 10_000) + "\n", count: 1000))
        #expect(stream.socket.writes.allSatisfy { $0.count <= LoopTurn.mostOutput + 20_001 })
    }

    @Test("It is over when the last word has left, and takes nothing after it")
    func end() {
        let stream = Stream()
        stream.socket.room = 2
        #expect(stream.receive("quit\nmore\n") == .init(writes: true, isEnding: true))
        stream.socket.room = .max
        #expect(stream.settle() == .init(isOver: true, isEnding: true))
        #expect(stream.sent.joined() == "QUIT\n")
        #expect(stream.receive("even more\n").isOver)
        #expect(stream.sent.joined() == "QUIT\n")
    }

    @Test("A peer that has ended its half still gets answers to lines that were held")
    func heldLinesAtTheEnd() {
        let stream = Stream()
        stream.peer.mayTake = 1
        _ = stream.receive("a\nb\n")
        stream.stream.inputEnded(&stream.turn)
        #expect(stream.settle() == .init(reads: false))
        stream.peer.mayTake = 1
        #expect(stream.settle() == .init(isOver: true, isEnding: true))
        #expect(stream.sent == ["A\n", "B\n"])
    }

    @Test("When nobody is there to read it is over at once")
    func gone() {
        let stream = Stream()
        stream.socket.isGone = true
        #expect(stream.receive("a\n").isOver)
    }
}

@Suite("Bytes that wait")
struct KeptBytesTests {
    @Test("They come out as they went in, whatever was taken between")
    func queue() {
        var kept = KeptBytes()
        var model: [UInt8] = []
        var next: UInt8 = 0
        for step in 0..<2000 {
            let added = (0..<step % 97).map { _ in
                next &+= 1
                return next
            }
            kept.append(added.span)
            model += added
            let taken = step % 53 * 2
            kept.removeFirst(taken)
            model.removeFirst(min(taken, model.count))
            let bytes = kept.withBytes { bytes in bytes.indices.map { bytes[$0] } }
            #expect(bytes == model)
            let count = kept.count
            #expect(count == model.count)
            let isEmpty = kept.isEmpty
            #expect(isEmpty == model.isEmpty)
        }
        kept.removeAll()
        let left = kept.withBytes { $0.count }
        #expect(left == 0)
    }
}

@Suite("The places of a loop's connections")
struct ConnectionTableTests {
    @Test("A place is used again, and its old token finds nobody")
    func tokens() {
        var table = ConnectionTable()
        func insert() -> SocketConnection {
            let connection = SocketConnection(ConnectedSocket(descriptor: -1), EchoConnection(EchoKind()))
            table.insert(connection)
            return connection
        }
        let first = insert()
        let other = insert()
        #expect(table[first.token] === first)
        #expect(table[other.token] === other)
        table.remove(first.token)
        #expect(table[first.token] == nil)
        #expect(table.count == 1)
        let second = insert()
        #expect(ConnectionTable.place(of: second.token) == ConnectionTable.place(of: first.token))
        #expect(second.token != first.token)
        #expect(table[first.token] == nil)
        #expect(table[second.token] === second)
        // What comes late must not take away the new one.
        table.remove(first.token)
        #expect(table[second.token] === second)
        #expect(table.all.count == 2)
        #expect(table.first(1) { _ in true }.count == 1)
        #expect(table.first(3) { $0 === other }.map(\.token) == [other.token])
        #expect(table[ConnectionToken(rawValue: 77)] == nil)
    }

    @Test("No token of a connection can be taken for a listener's or the mailbox's")
    func subjects() {
        #expect(EventToken(rawValue: 5 << 32 | 7).subject == .connection(ConnectionToken(rawValue: 5 << 32 | 7)))
        #expect(EventToken(listener: 3).subject == .listener(3))
        #expect(EventToken.bell.subject == .mailbox)
        #expect(EventToken.timer.subject == .mailbox)
    }
}
