import Logging
import NIOCore
import Testing

@testable import AuthServer

@Suite("The end of a connection, which may come at any point (clients.md, rule 19)")
struct EndOfInputTests {
    static let points = [
        "", "VERS", "VERSION\t1\t2\n", "VERSION\t1\t2\nCPID\t1\n", "VERSION\t1\t2\nCPID\t1\nAUTH\t1\tPLA",
        "VERSION\t1\t2\nCPID\t1\nAUTH\t1\tLOGIN\tservice=smtp\n",
        "VERSION\t1\t2\nCPID\t1\nAUTH\t1\tLOGIN\tservice=smtp\nCONT\t1\tYWxp",
        "VERSION\t1\t2\nCPID\t1\n" + .aliceWrong(1),
    ]

    @Test("The handler is let go of, without a word", arguments: points)
    func hangUp(said: String) async throws {
        let connection = try await ServedConnection([try MemoryUsers.aliceAndBob()])
        let handler = try await connection.weakHandler()
        try await connection.open()
        if !said.isEmpty { try await connection.send(said) }
        _ = try await connection.writes()
        try await connection.hangUp()
        await connection.pass(.hours(1))
        #expect(try await connection.writes() == [])
        #expect(connection.log.lines == [])
        let isGone = handler.isGone
        #expect(isGone)
    }

    @Test("A peer that ends its half is closed when it is owed nothing", arguments: points.dropLast())
    func halfClose(said: String) async throws {
        let connection = try await ServedConnection([try MemoryUsers.aliceAndBob()])
        try await connection.open()
        if !said.isEmpty { try await connection.send(said) }
        try await connection.endInput()
        #expect(!connection.isOpen)
    }

    @Test("A peer that ends its half still gets the failure that waits for its delay")
    func halfCloseBeforeDelay() async throws {
        let connection = try await ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        try await connection.send(.aliceWrong(1))
        try await connection.endInput()
        #expect(connection.isOpen)
        await connection.pass(.seconds(2))
        #expect(try await connection.writes() == ["FAIL\t1\tuser=alice\n"])
        #expect(!connection.isOpen)
    }

    @Test("A pending check is given up: the next database is not asked, nothing is told, and nothing is kept")
    func pendingCheck() async throws {
        let first = try WaitingUsers([:])
        let second = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try await ServedConnection([first, second])
        let handler = try await connection.weakHandler()
        try await connection.open()
        try await connection.send("VERSION\t1\t2\nCPID\t1\n" + .alice(1))
        _ = try await connection.writes()
        await first.waitForQuestions(1)
        try await connection.hangUp()
        first.answerOne()
        await connection.endLookups()
        await connection.run()
        #expect(second.asked == [])
        #expect(try await connection.writes() == [])
        // Dovecot's words.
        #expect(
            connection.log.lines
                == [.init(level: .info, text: "auth client 0 disconnected with 1 pending requests: EOF")])
        let isGone = handler.isGone
        #expect(isGone)
    }
}
