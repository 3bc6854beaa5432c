import AuthEngine
import Dispatch
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import AuthServer

@Suite("How loops share connections", .serialized, .timeLimit(.minutes(3)))
struct HandOverTests {
    @Test("Connections that come one by one stay with the first loop, which keeps up", arguments: [1, 2, 3, 16])
    func oneByOne(loops: Int) async throws {
        let server = try await EchoServer(loops: loops)
        var clients: [SocketClient] = []
        for _ in 0..<40 { clients.append(try await server.greeted()) }
        #expect(server.group.loads == [40] + Array(repeating: 0, count: loops - 1))
        for client in clients { await client.write("still there\n") }
        for client in clients { #expect(await client.read(through: "\n") == "still there\n") }
        #expect(server.group.loads.first == 40)
        try await server.end()
    }

    @Test("When there is a crowd, the other loops accept, too")
    func crowd() async throws {
        let server = try await EchoServer(loops: 3)
        _ = try await server.greeted()
        let address = try #require(server.kind.addresses.first)
        let mayGoOn = DispatchSemaphore(value: 0)
        // While this turn lasts, nobody is accepted.
        address.post { _, _ in mayGoOn.wait() }
        let crowd = try SocketCrowd(1000, server.path)
        mayGoOn.signal()
        for index in 0..<1000 { #expect(crowd.read(from: index, through: "\n") == "hello\n") }
        let loads = server.group.loads
        #expect(loads.dropFirst().reduce(0, +) > 0, "\(loads)")
        for index in 0..<1000 { crowd.write("\(index)\n", to: index) }
        for index in 0..<1000 { #expect(crowd.read(from: index, through: "\n") == "\(index)\n") }
        // They have gone back to where they only help.
        let before = loads.dropFirst().reduce(0, +)
        _ = try await server.greeted()
        #expect(server.group.loads.dropFirst().reduce(0, +) == before)
        try await server.end()
    }

    @Test("Connections that keep the first loop busy are spread, half of them at a time", arguments: [8, 2])
    func busy(count: Int) async throws {
        let server = try await EchoServer(loops: 2)
        let talkers = try Talkers(count, server.path)
        // On a busy machine the loop may have to wait for a processor in most periods, but not in all.
        for _ in 0..<4000 where server.group.loads != [count / 2, count / 2] { usleep(5000) }
        #expect(server.group.loads == [count / 2, count / 2])
        #expect(talkers.end() == [])
        try await server.end()
    }

    @Test("Of a single busy connection nothing is gained by moving it")
    func single() async throws {
        let server = try await EchoServer(loops: 2)
        let talkers = try Talkers(1, server.path)
        usleep(100_000)
        #expect(server.group.loads == [1, 0])
        #expect(talkers.end() == [])
        try await server.end()
    }

    @Test("While connections are moved again and again, no byte is lost, doubled or out of order")
    func moving() async throws {
        let kind = EchoKind()
        let loops = try await LoopsUnderTest(3, kind)
        let isOver = Mutex(false)
        let mover = try #require(loops.keepMoving { !isOver.withLock { $0 } })
        let talkers = try Talkers(12, loops.path)
        var seen: Set<[Bool]> = []
        for _ in 0..<400 {
            usleep(5000)
            seen.insert(loops.group.loads.map { $0 > 0 })
        }
        #expect(seen.count > 1)
        #expect(talkers.end() == [])
        isOver.withLock { $0 = true }
        mover.join()
        // Those that are half said go along.
        try await loops.end()
        #expect(kind.left == 12)
    }

    @Test("Connections that are moved while they have deadlines, costly hashes and failures to come get every answer once")
    func logins() async throws {
        // doveadm pw -s SHA512-CRYPT -r 1000 -p secret (2.3.19.1)
        let costly = "{SHA512-CRYPT}$6$rounds=1000$c2BKAwCDFlZ75Fw3$fq58H3VfMvPXIHShgwo24Ktq2FIS2fSh9mZ049yecFSWWfZsI7ZD5uSt.1C9Yf2k8drPwCYbuEVPS1zNHCXpq0"
        let service = try LoginsUnderTest(["alice": "{PLAIN}secret", "bob": costly]) {
            $0.failureDelay = .milliseconds(20)
        }
        let loops = try await LoopsUnderTest(3, service.kind)
        let isOver = Mutex(false)
        let mover = try #require(loops.keepMoving { !isOver.withLock { $0 } })
        var random = SeededGenerator(seed: 7)
        var clients: [SocketClient] = []
        for _ in 0..<8 {
            let client = try SocketClient(loops.path)
            _ = await client.read(through: "\nDONE\n")
            await client.write("VERSION\t1\t2\nCPID\t1\n")
            clients.append(client)
        }
        var next = 1
        for round in 0..<60 {
            var expected: [[String]] = []
            for client in clients {
                var text = ""
                var answers: [String] = []
                for _ in 0..<Int.random(in: 1...20, using: &random) {
                    switch Int.random(in: 0..<20, using: &random) {
                    case 0:
                        text += .bob(next)
                        answers.append("OK\t\(next)\tuser=bob")
                    // Failures are told at the ticks of a clock, so they take their time.
                    case 1 where round % 20 == 0:
                        text += .aliceWrong(next)
                        answers.append("FAIL\t\(next)\tuser=alice")
                    default:
                        text += .alice(next)
                        answers.append("OK\t\(next)\tuser=alice")
                    }
                    next += 1
                }
                let cut = text.index(text.startIndex, offsetBy: Int.random(in: 0..<text.count, using: &random))
                await client.write(String(text[..<cut]))
                await client.write(String(text[cut...]))
                expected.append(answers.sorted())
            }
            for (client, answers) in zip(clients, expected) {
                var lines: [String] = []
                while lines.count < answers.count {
                    let text = await client.read(through: "\n")
                    guard !text.isEmpty else { break }
                    lines += text.lines
                }
                #expect(lines.sorted() == answers)
            }
        }
        isOver.withLock { $0 = true }
        mover.join()
        // One that was moved before it has introduced itself is cut all the same, and nothing is kept of those that go.
        clients.removeAll()
        await loops.registry.waitUntilEmpty()
        try await loops.end()
        await service.end()
    }

    @Test("A handshake's deadline goes along with its connection")
    func deadline() async throws {
        let service = try LoginsUnderTest([:]) { $0.handshakeTimeout = .milliseconds(300) }
        let loops = try await LoopsUnderTest(2, service.kind)
        let client = try SocketClient(loops.path)
        _ = await client.read(through: "\nDONE\n")
        loops.group.handles[0].post { [to = loops.group.handles[1]] loop, turn in
            loop.handOver(.max, to: to, &turn) { _ in true }
        }
        #expect(await client.read() == "")
        try await loops.end()
        await service.end()
    }

    @Test("Connections that are on their way to a loop that drains or has cut all of its own end there")
    func ends() async throws {
        let server = try await EchoServer(loops: 3)
        var clients: [SocketClient] = []
        for _ in 0..<10 { clients.append(try await server.greeted()) }
        let handles = server.group.handles
        handles[1].post { loop, turn in loop.drain(&turn) }
        handles[2].post { loop, turn in loop.closeAll(&turn) }
        handles[0].post { loop, turn in
            loop.handOver(5, to: handles[1], &turn) { _ in true }
            loop.handOver(5, to: handles[2], &turn) { _ in true }
        }
        for client in clients { #expect(await client.read() == "") }
        await server.registry.waitUntilEmpty()
        try await server.end()
    }
}
