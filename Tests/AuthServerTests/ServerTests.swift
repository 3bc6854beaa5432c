import Logging
import Testing

@testable import AuthServer

@Suite("A server on a real socket", .serialized, .timeLimit(.minutes(1)))
struct ServerTests {
    @Test("A client beyond client_limit waits, and is served when another one leaves")
    func clientLimit() async throws {
        let server = try ServerUnderTest([try MemoryUsers.aliceAndBob()]) { $0.maximumConnections = 2 }
        let first = try await server.greeted()
        var second: SocketClient? = try await server.greeted()
        // From this line on the server accepts nobody.
        await server.log.wait(for: "client_limit (2) reached, client connections are being delayed")
        let third = try SocketClient(server.path)
        await first.write(.alice(1))
        #expect(await first.read(through: "\n") == "OK\t1\tuser=alice\n")
        #expect(!third.hasInput)
        #expect(second != nil)
        second = nil
        #expect(await third.read(through: "\nDONE\n").hasPrefix("VERSION\t1\t2\n"))
        await third.write("VERSION\t1\t1\nCPID\t1\n" + .bob(1))
        #expect(await third.read(through: "\n") == "OK\t1\tuser=bob\n")
        try await server.end()
    }

    @Test("Clients that all come at once are no more than client_limit, either")
    func burst() async throws {
        let server = try ServerUnderTest([try MemoryUsers.aliceAndBob()], connecting: 4) { $0.maximumConnections = 2 }
        await server.log.wait(for: "client_limit (2) reached")
        for client in server.early.prefix(2) {
            #expect(await client.read(through: "\nDONE\n").hasSuffix("\nDONE\n"))
        }
        let others = server.early.suffix(2).map(\.hasInput)
        #expect(others == [false, false])
        try await server.end()
    }

    @Test("A limit that a reload raises lets those in who wait")
    func raisedLimit() async throws {
        let users = try MemoryUsers.aliceAndBob()
        let server = try ServerUnderTest([users]) { $0.maximumConnections = 1 }
        let first = try await server.greeted()
        await server.log.wait(for: "client_limit (1) reached")
        let second = try SocketClient(server.path)
        try await server.server.reconfigure(.init(databases: [users]), listeners: server.server.listeners)
        #expect(await second.read(through: "\nDONE\n").hasPrefix("VERSION\t1\t2\n"))
        await first.write(.alice(1))
        #expect(await first.read(through: "\n") == "OK\t1\tuser=alice\n")
        try await server.end()
    }

    @Test("A client that reads only after it has said everything gets every reply")
    func lateReader() async throws {
        let server = try ServerUnderTest([try MemoryUsers.aliceAndBob()])
        let client = try await server.greeted()
        let count = 8000
        await client.write(String(repeating: "AUTH\t1\tX\tservice=s\n", count: count))
        client.endInput()
        let replies = await client.read()
        #expect(replies.lines.count == count)
        #expect(Set(replies.lines) == ["FAIL\t1\treason=Unsupported authentication mechanism"])
        try await server.end()
    }

    @Test("A script that sends its login and ends its half gets its answer, even one that takes time")
    func script() async throws {
        // openssl passwd -6 -salt saltsalt secret
        let hash = "{CRYPT}$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1"
        let server = try ServerUnderTest([try MemoryUsers(["alice": hash])]) { $0.failureDelay = .zero }
        let client = try SocketClient(server.path)
        await client.write("VERSION\t1\t2\nCPID\t1\n" + .aliceWrong(1))
        client.endInput()
        let text = await client.read()
        #expect(text.hasSuffix("\nDONE\nFAIL\t1\tuser=alice\n"))
        try await server.end()
    }

    @Test("At its end it answers what is open, and then closes, removes its socket and returns")
    func drain() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let server = try ServerUnderTest([users])
        let busy = try await server.greeted()
        let idle = try await server.greeted()
        await busy.write(.alice(1))
        await users.waitForQuestions(1)
        server.beginToEnd()
        #expect(await idle.read() == "")
        users.answerOne()
        #expect(await busy.read() == "OK\t1\tuser=alice\n")
        try await server.end()
        #expect(server.directory.names == [])
        #expect(throws: SystemError.self) { try SocketClient(server.path) }
    }

    @Test("A request that nobody can answer ends the wait with the drain timeout, and the log says so")
    func drainTimeout() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let server = try ServerUnderTest([users]) { $0.drainTimeout = .milliseconds(50) }
        let client = try await server.greeted()
        await client.write(.alice(1))
        await users.waitForQuestions(1)
        server.beginToEnd()
        #expect(await client.read() == "")
        #expect(server.log.lines.contains { $0.level == .warning && $0.text.hasPrefix("1 connections still open") })
        users.answerOne()
        try await server.end()
    }
}
