import Logging
import Testing

@testable import AuthServer

@Suite("Times of a connection")
struct DeadlineTests {
    @Test(
        "A peer that never introduces itself is closed after 30 seconds, with one line that says so",
        arguments: ["", "VERSION\t1\t2\n", "VERSION\t1\t2\nCPI"])
    func handshake(said: String) throws {
        let connection = try ServedConnection([try MemoryUsers.aliceAndBob()])
        connection.open()
        _ = connection.writes()
        if !said.isEmpty { connection.send(said) }
        connection.pass(.milliseconds(29_999))
        #expect(connection.isOpen)
        connection.pass(.milliseconds(1))
        #expect(!connection.isOpen)
        #expect(connection.log.lines.map(\.level) == [.warning])
        #expect(connection.writes() == [])
    }

    @Test("A peer that has introduced itself is never closed for being idle (clients.md, rule 16)")
    func idle() throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        for id in 1...5 {
            connection.pass(.seconds(13 * 3600))
            connection.send(.alice(id))
            #expect(connection.writes() == ["OK\t\(id)\tuser=alice\n"])
        }
        #expect(connection.isOpen)
    }

    @Test("Without a limit for the handshake nobody is closed")
    func noLimit() throws {
        let connection = try ServedConnection([try MemoryUsers.aliceAndBob()]) { $0.handshakeTimeout = .zero }
        connection.open()
        connection.pass(.seconds(24 * 3600))
        #expect(connection.isOpen)
    }

    @Test("A failure is told after two seconds, and holds up nobody else's reply")
    func failureDelay() throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        connection.send(.aliceWrong(1))
        connection.send(.bob(2))
        #expect(connection.writes() == ["OK\t2\tuser=bob\n"])
        connection.pass(.milliseconds(1999))
        #expect(connection.writes() == [])
        connection.pass(.milliseconds(1))
        #expect(connection.writes() == ["FAIL\t1\tuser=alice\n"])
    }

    @Test("A check that takes longer than the delay is told as soon as it ends")
    func slowFailure() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try ServedConnection.introduced([users])
        connection.send(.aliceWrong(1))
        await users.waitForQuestions(1)
        connection.pass(.seconds(3))
        users.answerOne()
        #expect(await connection.nextWrite() == "FAIL\t1\tuser=alice\n")
        await connection.endLookups()
    }

    @Test("An exchange expires 150 seconds after its last message; its connection does not")
    func exchange() throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        connection.send("AUTH\t1\tLOGIN\tservice=smtp\nAUTH\t2\tLOGIN\tservice=smtp\n")
        connection.pass(.seconds(100))
        connection.send("CONT\t1\tYWxpY2U=\n")
        connection.pass(.seconds(50))
        _ = connection.writes()
        // Dovecot's words to a late message.
        connection.send("CONT\t2\tYWxpY2U=\nCONT\t1\tc2VjcmV0\n")
        #expect(
            connection.writes().joined().lines
                == ["FAIL\t2\treason=Authentication request timed out", "OK\t1\tuser=alice"])
        #expect(connection.isOpen)
    }

    @Test("A check without an answer is a temporary failure after eight seconds; what comes later is not told")
    func requestDeadline() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try ServedConnection.introduced([users])
        connection.send(.alice(1))
        await users.waitForQuestions(1)
        connection.pass(.milliseconds(7999))
        #expect(connection.writes() == [])
        connection.pass(.milliseconds(1))
        #expect(connection.writes() == ["FAIL\t1\tuser=alice\tcode=temp_fail\n"])
        users.answerOne()
        await connection.endLookups()
        connection.run()
        #expect(connection.writes() == [])
    }

    @Test("Towards Postfix, which speaks 1.0, the connection ends instead")
    func requestDeadlineForPostfix() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try ServedConnection.introduced([users], minorVersion: 0)
        connection.send(.alice(1))
        await users.waitForQuestions(1)
        connection.pass(.seconds(8))
        #expect(connection.writes() == [])
        #expect(!connection.isOpen)
        users.answerOne()
        await connection.endLookups()
    }
}
