import AuthDatabases
import Dispatch
import Glibc
import Synchronization
import Testing

@testable import AuthServer

@Suite("Event loops on real sockets", .serialized, .timeLimit(.minutes(2)))
struct EventLoopTests {
    @Test("Ten thousand at once are all greeted, each is answered, and all are let go of")
    func crowd() async throws {
        let room = raiseOpenFiles()
        let count = min(10_000, (room - 500) / 2)
        let server = try await EchoServer(loops: 2)
        let kind = server.kind
        do {
            let crowd = try SocketCrowd(count, server.path)
            for index in 0..<count { #expect(crowd.read(from: index, through: "\n") == "hello\n") }
            #expect(server.registry.count == count)
            #expect(server.group.loads.reduce(0, +) == count)
            for index in stride(from: 0, to: count, by: 7) { crowd.write("line \(index)\n", to: index) }
            for index in stride(from: 0, to: count, by: 7) {
                #expect(crowd.read(from: index, through: "\n") == "line \(index)\n")
            }
        }
        await server.registry.waitUntilEmpty()
        #expect(kind.left == count)
        try await server.end()
    }

    @Test("New clients are greeted while others keep the loop busy")
    func acceptUnderLoad() async throws {
        let server = try await EchoServer(loops: 1)
        let isOver = Mutex(false)
        let crowd = try SocketCrowd(16, server.path)
        for index in 0..<16 { _ = crowd.read(from: index, through: "\n") }
        // Sixteen clients that always have something to say.
        let talkers = (0..<4).compactMap { number in
            WorkerThread(name: "talker") {
                while !isOver.withLock({ $0 }) {
                    for index in stride(from: number, to: 16, by: 4) {
                        crowd.write(String(repeating: "x\n", count: 200), to: index)
                    }
                    for index in stride(from: number, to: 16, by: 4) {
                        var left = 400
                        while left > 0 {
                            let text = crowd.read(from: index, through: "\n")
                            guard !text.isEmpty else { return }
                            left -= text.utf8.count
                        }
                    }
                }
            }
        }
        for _ in 0..<200 { _ = try await server.greeted() }
        isOver.withLock { $0 = true }
        for talker in talkers { talker.join() }
        try await server.end()
    }

    @Test("Lines arrive whole, however they were cut")
    func cutLines() async throws {
        let server = try await EchoServer(loops: 1)
        let text = "first\n\nthird line\nbye\n"
        for cut in 1..<text.utf8.count {
            let client = try await server.greeted()
            await client.write(String(text.prefix(cut)))
            // Most of the time the server has read the first part by now.
            usleep(200)
            await client.write(String(text.dropFirst(cut)))
            #expect(await client.read() == text, "cut at \(cut)")
        }
        try await server.end()
    }

    @Test("Connections that are ready at once get what is theirs, those that read nothing and those that go away, too")
    func rounds() async throws {
        let server = try await EchoServer(loops: 1)
        var clients: [SocketClient] = []
        for _ in 0..<60 { clients.append(try await server.greeted()) }
        let addresses = server.kind.addresses
        let long = String(repeating: String(repeating: "x", count: 999) + "\n", count: 40)
        for round in 0..<20 {
            // While this turn lasts, all of them become ready.
            let isHeld = DispatchSemaphore(value: 0)
            let mayGoOn = DispatchSemaphore(value: 0)
            addresses[round].post { _, _ in
                isHeld.signal()
                mayGoOn.wait()
            }
            await withCheckedContinuation { done in
                DispatchQueue.global().async {
                    isHeld.wait()
                    done.resume()
                }
            }
            for (number, client) in clients.enumerated() {
                await client.write(number % 7 == 3 ? long : "\(round) of \(number)\n")
            }
            if round == 10 { clients.removeLast() }
            addresses[0].post { connection, turn in (connection as? EchoConnection)?.say("\(round) said\n", &turn) }
            mayGoOn.signal()
            for (number, client) in clients.enumerated() {
                let expected = number % 7 == 3 ? long : "\(round) of \(number)\n"
                var text = ""
                let all = expected.utf8.count + (number == 0 ? "\(round) said\n".utf8.count : 0)
                while text.utf8.count < all {
                    let more = await client.read(through: "\n")
                    guard !more.isEmpty else { break }
                    text += more
                }
                #expect(number == 0 ? text.lines.sorted() == ["\(round) of 0", "\(round) said"] : text == expected)
            }
        }
        try await server.end()
    }

    @Test(
        "What other threads ask for is all done, in the order of each, while clients talk",
        arguments: [[Urgency.atOnce], [.soon], [.soon, .soon, .atOnce]])
    func wakeUps(urgencies: [Urgency]) async throws {
        let server = try await EchoServer(loops: 2)
        let clients = [try await server.greeted(), try await server.greeted()]
        let addresses = server.kind.addresses
        let rounds = 5000
        let posters = (0..<2).compactMap { number in
            WorkerThread(name: "poster") {
                for round in 0..<rounds {
                    addresses[number].post(urgencies[round % urgencies.count]) { connection, turn in
                        (connection as? EchoConnection)?.say("\(round)\n", &turn)
                    }
                }
            }
        }
        #expect(posters.count == 2)
        await clients[0].write(String(repeating: "ping\n", count: 1000))
        for (number, client) in clients.enumerated() {
            let pings = number == 0 ? 1000 : 0
            var lines: [String] = []
            while lines.count < rounds + pings {
                let text = await client.read(through: "\n")
                guard !text.isEmpty else { break }
                lines += text.lines
            }
            #expect(lines.filter { $0 == "ping" }.count == pings)
            #expect(lines.filter { $0 != "ping" } == (0..<rounds).map(String.init))
        }
        for poster in posters { poster.join() }
        try await server.end()
    }

    @Test("What is wanted soon waits for more, but not for long, and what is wanted at once takes it along")
    func soon() async throws {
        let server = try await EchoServer(loops: 1)
        let client = try await server.greeted()
        let address = try #require(server.kind.addresses.last)
        let say = { @Sendable (word: String, urgency: Urgency) in
            address.post(urgency) { connection, turn in (connection as? EchoConnection)?.say("\(word)\n", &turn) }
        }
        var delays: [Duration] = []
        for round in 0..<50 {
            let start = ContinuousClock.now
            say("soon \(round)", .soon)
            #expect(await client.read(through: "\n") == "soon \(round)\n")
            delays.append(ContinuousClock.now - start)
        }
        for _ in 0..<50 {
            say("first", .soon)
            say("second", .atOnce)
            var text = ""
            while text.lines.count < 2 { text += await client.read(through: "\n") }
            #expect(text.lines == ["first", "second"])
        }
        // The shortest that a busy machine can't have made longer: it was put off, by two milliseconds and not by more.
        let shortest = try #require(delays.min())
        #expect(shortest >= .milliseconds(1) && shortest < .milliseconds(100))
        try await server.end()
    }

    @Test("What is meant for a connection that is gone never reaches the one that has its descriptor now")
    func reuse() async throws {
        let server = try await EchoServer(loops: 1)
        for round in 0..<300 {
            let first = try await server.greeted()
            let address = try #require(server.kind.addresses.last)
            // Ends it on the loop, while the client's own words and the next client are on their way.
            address.post { connection, turn in (connection as? EchoConnection)?.end() }
            async let words: Void = first.write("from the first\n")
            let second = try await server.greeted()
            address.post { connection, turn in (connection as? EchoConnection)?.say("for the first\n", &turn) }
            await words
            await second.write("second \(round)\n")
            #expect(await second.read(through: "\n") == "second \(round)\n")
        }
        try await server.end()
    }

    @Test("A connection can ask who the peer is")
    func credentials() async throws {
        let server = try await EchoServer(loops: 1)
        let client = try await server.greeted()
        let expected = PeerCredentials(processID: getpid(), userID: getuid(), groupID: getgid())
        #expect(server.kind.credentials == [expected])
        await client.write("bye\n")
        #expect(await client.read() == "bye\n")
        try await server.end()
    }

    @Test("A peer that ends its half gets what it is owed; one that is gone is let go of at once")
    func ends() async throws {
        let server = try await EchoServer(loops: 1)
        let half = try await server.greeted()
        await half.write("last words\n")
        half.endInput()
        #expect(await half.read() == "last words\n")
        var gone: SocketClient? = try await server.greeted()
        #expect(gone != nil)
        gone = nil
        await server.registry.waitUntilEmpty()
        #expect(server.kind.left == 2)
        // As long as nothing happens the loops sleep: nothing is left that would wake them again and again.
        let before = processorTime()
        usleep(300_000)
        #expect(processorTime() - before < 0.1)
        try await server.end()
    }

    @Test("A peer that ends its half and is owed an answer that takes its time does not keep the loop busy")
    func halfCloseIsQuiet() async throws {
        let users = try WaitingUsers(["alice": "{PLAIN}secret"])
        let server = try ServerUnderTest([users])
        let client = try await server.greeted()
        await client.write(.alice(1))
        client.endInput()
        await users.waitForQuestions(1)
        let before = processorTime()
        usleep(300_000)
        #expect(processorTime() - before < 0.1)
        users.answerOne()
        #expect(await client.read() == "OK\t1\tuser=alice\n")
        try await server.end()
    }

    @Test("Loops that end close what they have")
    func abruptEnd() async throws {
        let server = try await EchoServer(loops: 3)
        let clients = [try await server.greeted(), try await server.greeted(), try await server.greeted()]
        try await server.end()
        for client in clients { #expect(await client.read() == "") }
        #expect(server.kind.left == 3)
        let address = try #require(server.kind.addresses.first)
        address.post { _, _ in Issue.record("nobody is there to do it") }
    }

    /// Of this process, in seconds.
    private func processorTime() -> Double {
        var time = timespec()
        // Filled during the call.
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
