import Logging
import NIOCore
import Testing

@testable import AuthServer

@Suite("Times of a connection")
struct DeadlineTests {
    @Test(
        "A peer that never introduces itself is closed after 30 seconds, with one line that says so",
        arguments: ["", "VERSION\t1\t2\n", "VERSION\t1\t2\nCPI"])
    func handshake(said: String) async throws {
        let connection = try await ServedConnection([try MemoryUsers.aliceAndBob()])
        try await connection.open()
        _ = try await connection.writes()
        if !said.isEmpty { try await connection.send(said) }
        await connection.pass(.milliseconds(29_999))
        #expect(connection.isOpen)
        await connection.pass(.milliseconds(1))
        #expect(!connection.isOpen)
        #expect(connection.log.lines.map(\.level) == [.warning])
        #expect(try await connection.writes() == [])
    }

    @Test("A peer that has introduced itself is never closed for being idle (clients.md, rule 16)")
    func idle() async throws {
        let connection = try await ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        for id in 1...5 {
            await connection.pass(.hours(13))
            try await connection.send(.alice(id))
            #expect(try await connection.writes() == ["OK\t\(id)\tuser=alice\n"])
        }
        #expect(connection.isOpen)
    }

    @Test("Without a limit for the handshake nobody is closed")
    func noLimit() async throws {
        let connection = try await ServedConnection([try MemoryUsers.aliceAndBob()]) { $0.handshakeTimeout = .zero }
        try await connection.open()
        await connection.pass(.hours(24))
        #expect(connection.isOpen)
    }

    @Test("A failure is told after two seconds, and holds up nobody else's reply")
    func failureDelay() async throws {
        let connection = try await ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        try await connection.send(.aliceWrong(1))
        try await connection.send(.bob(2))
        #expect(try await connection.writes() == ["OK\t2\tuser=bob\n"])
        await connection.pass(.milliseconds(1999))
        #expect(try await connection.writes() == [])
        await connection.pass(.milliseconds(1))
        #expect(try await connection.writes() == ["FAIL\t1\tuser=alice\n"])
    }

    @Test("A check that takes longer than the delay is told as soon as it ends")
    func slowFailure() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try await ServedConnection.introduced([users])
        try await connection.send(.aliceWrong(1))
        await users.waitForQuestions(1)
        await connection.pass(.seconds(3))
        users.answerOne()
        #expect(try await connection.nextWrite() == "FAIL\t1\tuser=alice\n")
        await connection.endLookups()
    }

    @Test("An exchange expires 150 seconds after its last message; its connection does not")
    func exchange() async throws {
        let connection = try await ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        try await connection.send("AUTH\t1\tLOGIN\tservice=smtp\nAUTH\t2\tLOGIN\tservice=smtp\n")
        await connection.pass(.seconds(100))
        try await connection.send("CONT\t1\tYWxpY2U=\n")
        await connection.pass(.seconds(50))
        _ = try await connection.writes()
        // Dovecot's words to a late message.
        try await connection.send("CONT\t2\tYWxpY2U=\nCONT\t1\tc2VjcmV0\n")
        #expect(
            try await connection.writes().joined().lines
                == ["FAIL\t2\treason=Authentication request timed out", "OK\t1\tuser=alice"])
        #expect(connection.isOpen)
    }

    @Test("A check without an answer is a temporary failure after eight seconds; what comes later is not told")
    func requestDeadline() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try await ServedConnection.introduced([users])
        try await connection.send(.alice(1))
        await users.waitForQuestions(1)
        await connection.pass(.milliseconds(7999))
        #expect(try await connection.writes() == [])
        await connection.pass(.milliseconds(1))
        #expect(try await connection.writes() == ["FAIL\t1\tuser=alice\tcode=temp_fail\n"])
        users.answerOne()
        await connection.endLookups()
        await connection.run()
        #expect(try await connection.writes() == [])
    }

    @Test("Towards Postfix, which speaks 1.0, the connection ends instead")
    func requestDeadlineForPostfix() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try await ServedConnection.introduced([users], minorVersion: 0)
        try await connection.send(.alice(1))
        await users.waitForQuestions(1)
        await connection.pass(.seconds(8))
        #expect(try await connection.writes() == [])
        #expect(!connection.isOpen)
        users.answerOne()
        await connection.endLookups()
    }
}
