import Testing

@testable import AuthServer

@Suite("Many requests on one connection")
struct FlowTests {
    @Test("A hundred logins in one read are answered in one write, in order")
    func oneWrite() throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        connection.send((1...100).map { .alice($0) }.joined())
        #expect(connection.writes() == [(1...100).map { "OK\t\($0)\tuser=alice\n" }.joined()])
    }

    @Test("They are answered as they finish, not as they came")
    func outOfOrder() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret", "bob": "{PLAIN}secret"])
        let connection = try ServedConnection.introduced([users])
        connection.send(.alice(1) + .bob(2))
        await users.waitForQuestions(2)
        users.answerOne(for: "bob")
        #expect(await connection.nextWrite() == "OK\t2\tuser=bob\n")
        users.answerOne(for: "alice")
        #expect(await connection.nextWrite() == "OK\t1\tuser=alice\n")
        await connection.endLookups()
    }

    @Test("When as many wait as may, no more is read, and reading begins again when one is answered")
    func backPressure() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try ServedConnection.introduced([users]) { $0.maximumRequestsInFlight = 3 }
        connection.send(.alice(1) + .alice(2))
        #expect(connection.isReading)
        connection.send(.alice(3))
        #expect(!connection.isReading)
        await users.waitForQuestions(3)
        users.answerOne()
        _ = await connection.nextWrite()
        #expect(connection.isReading)
        users.answerOne()
        users.answerOne()
        await connection.endLookups()
    }

    @Test("Lines that were read already wait, are answered, and reading begins again")
    func heldLines() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try ServedConnection.introduced([users]) { $0.maximumRequestsInFlight = 2 }
        connection.send((1...5).map { .alice($0) }.joined() + "AUTH\t6\tPLAIN\tservice=smtp\tre")
        await users.waitForQuestions(2)
        #expect(!connection.isReading)
        var replies: [String] = []
        for number in 1...5 {
            await users.waitForQuestions(min(number + 1, 5))
            // Never more than two at a time.
            #expect(users.asked.count == min(number + 1, 5))
            users.answerOne()
            replies.append(await connection.nextWrite())
        }
        #expect(Set(replies) == Set((1...5).map { "OK\t\($0)\tuser=alice\n" }))
        #expect(connection.isReading)
        connection.send("sp=AGFsaWNlAHNlY3JldA==\n")
        await users.waitForQuestions(6)
        users.answerOne()
        #expect(await connection.nextWrite() == "OK\t6\tuser=alice\n")
        await connection.endLookups()
    }

    @Test("Lines that waited when the peer ended its half are answered before the connection ends")
    func heldLinesAtTheEnd() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try ServedConnection.introduced([users]) { $0.maximumRequestsInFlight = 1 }
        connection.send(.alice(1) + .alice(2))
        connection.endInput()
        for number in 1...2 {
            await users.waitForQuestions(number)
            users.answerOne()
            #expect(await connection.nextWrite() == "OK\t\(number)\tuser=alice\n")
        }
        connection.run()
        #expect(!connection.isOpen)
        await connection.endLookups()
    }

    @Test("From a peer that doesn't read its replies, no more is read until it does")
    func unreadReplies() throws {
        let connection = try ServedConnection.introduced([try MemoryUsers.aliceAndBob()])
        connection.setRoom(0)
        connection.send(.alice(1))
        #expect(!connection.isReading)
        #expect(connection.writes() == [])
        connection.setRoom(.max)
        #expect(connection.isReading)
        #expect(connection.writes() == ["OK\t1\tuser=alice\n"])
    }

    @Test("A server that ends answers what is open, then closes")
    func drain() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let connection = try ServedConnection.introduced([users])
        connection.send(.alice(1))
        await users.waitForQuestions(1)
        connection.drain()
        #expect(connection.isOpen)
        users.answerOne()
        #expect(await connection.nextWrite() == "OK\t1\tuser=alice\n")
        connection.run()
        #expect(!connection.isOpen)
        await connection.endLookups()
    }
}
