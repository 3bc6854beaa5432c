import Logging
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
    func hangUp(said: String) throws {
        let connection = try ServedConnection([try MemoryUsers.aliceAndBob()])
        let handler = connection.open()
        if !said.isEmpty { connection.send(said) }
        _ = connection.writes()
        connection.hangUp()
        connection.pass(.seconds(1 * 3600))
        #expect(connection.writes() == [])
        #expect(connection.log.lines == [])
        let isGone = handler.isGone
        #expect(isGone)
    }

    @Test("A peer that ends its half is closed when it is owed nothing", arguments: points.dropLast())
    func halfClose(said: String) throws {
        let connection = try ServedConnection([try MemoryUsers.aliceAndBob()])
        connection.open()
        if !said.isEmpty { connection.send(said) }
        connection.endInput()
        #expect(!connection.isOpen)
    }

    @Test("A peer that ends its half still gets the failure that waits for its delay")
    func halfCloseBeforeDelay() throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        connection.send(.aliceWrong(1))
        connection.endInput()
        #expect(connection.isOpen)
        connection.pass(.seconds(2))
        #expect(connection.writes() == ["FAIL\t1\tuser=alice\n"])
        #expect(!connection.isOpen)
    }

    @Test("A pending check is given up: the next database is not asked, nothing is told, and nothing is kept")
    func pendingCheck() async throws {
        let first = try WaitingUsers([:])
        let second = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try ServedConnection([first, second])
        let handler = connection.open()
        connection.send("VERSION\t1\t2\nCPID\t1\n" + .alice(1))
        _ = connection.writes()
        await first.waitForQuestions(1)
        connection.hangUp()
        first.answerOne()
        await connection.endLookups()
        connection.run()
        #expect(second.asked == [])
        #expect(connection.writes() == [])
        // Dovecot's words.
        #expect(
            connection.log.lines
                == [.init(level: .info, text: "auth client 0 disconnected with 1 pending requests: EOF")])
        let isGone = handler.isGone
        #expect(isGone)
    }
}
