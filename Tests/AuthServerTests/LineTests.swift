import Logging
import Testing

@testable import AuthServer

@Suite("Lines of a connection")
struct LineTests {
    /// A LOGIN exchange, a PLAIN one, a wrong request and a cancelled one.
    private static let conversation =
        "VERSION\t1\t2\nCPID\t4711\nAUTH\t1\tLOGIN\tservice=smtp\nCONT\t1\tYWxpY2U=\nCONT\t1\tc2VjcmV0\n" + .alice(2)
        + "AUTH\t3\tNOSUCH\tservice=smtp\nAUTH\t4\tLOGIN\tservice=smtp\nCANCEL\t4\n" + .bob(5)

    /// `printf Username: | base64`, and so on; the words of Dovecot 2.3.19.
    private static let replies = [
        "CONT\t1\tVXNlcm5hbWU6", "CONT\t1\tUGFzc3dvcmQ6", "OK\t1\tuser=alice", "OK\t2\tuser=alice",
        "FAIL\t3\treason=Unsupported authentication mechanism", "CONT\t4\tVXNlcm5hbWU6", "OK\t5\tuser=bob",
    ]

    private func replies(to pieces: [[UInt8]]) throws -> [String] {
        let connection = try ServedConnection([try MemoryUsers.aliceAndBob()])
        connection.open()
        _ = connection.writes()
        for piece in pieces { connection.send(piece) }
        return connection.writes().flatMap(\.lines)
    }

    @Test("Cut in two at every byte, a conversation has the same replies")
    func cutInTwo() throws {
        let bytes = Array(Self.conversation.utf8)
        for cut in 0...bytes.count {
            let replies = try replies(to: [Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(replies == Self.replies, "cut at \(cut)")
        }
    }

    @Test("Byte by byte, a conversation has the same replies")
    func byteByByte() throws {
        #expect(try replies(to: Self.conversation.utf8.map { [$0] }) == Self.replies)
    }

    @Test("A CR before the LF is not part of the line")
    func carriageReturns() throws {
        let text = Self.conversation.split(separator: "\n").map { $0 + "\r\n" }.joined()
        #expect(try replies(to: [Array(text.utf8)]) == Self.replies)
    }

    @Test("A line of 16384 bytes, its LF included, is read, in one piece and in many", arguments: [16384, 1000, 97])
    func longestLine(piece: Int) throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        connection.send(Self.line(of: 16384), by: piece)
        #expect(connection.writes() == ["OK\t1\tuser=alice\n"])
        #expect(connection.isOpen)
    }

    @Test("A line that is one byte longer ends the connection", arguments: [16385, 1000])
    func tooLongLine(piece: Int) throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        connection.send(Self.line(of: 16385), by: piece)
        #expect(connection.writes() == [])
        #expect(!connection.isOpen)
        #expect(
            connection.log.lines == [.init(level: .error, text: "BUG: Auth client 0 sent us more than 16384 bytes")])
    }

    @Test("A line without an end does not have to be waited for longer than it may be")
    func endlessLine() throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        connection.send([UInt8](repeating: UInt8(ascii: "x"), count: 16384))
        #expect(!connection.isOpen)
    }

    @Test("What was asked before an unreadable line is answered before the connection ends")
    func unreadableLine() throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        connection.send(.alice(1) + "NONSENSE\t7\tresp=hidden\n" + .bob(2))
        #expect(connection.writes() == ["OK\t1\tuser=alice\n"])
        #expect(!connection.isOpen)
        #expect(connection.log.lines.count == 1)
        #expect(!connection.log.lines.contains { $0.text.contains("hidden") })
    }

    /// A request of alice with an unknown parameter that fills it up.
    private static func line(of count: Int) -> [UInt8] {
        let head = Array("AUTH\t1\tPLAIN\tservice=smtp\tpadding=".utf8)
        let tail = Array("\tresp=AGFsaWNlAHNlY3JldA==\n".utf8)
        return head + [UInt8](repeating: UInt8(ascii: "x"), count: count - head.count - tail.count) + tail
    }
}

extension ServedConnection {
    func send(_ bytes: [UInt8], by size: Int) {
        for start in stride(from: 0, to: bytes.count, by: size) where isOpen {
            send(Array(bytes[start..<min(start + size, bytes.count)]))
        }
    }
}
