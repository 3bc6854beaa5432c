import AuthEngine
import DovecotAuthProtocol
import Testing

@Suite("Internal failures")
struct TemporaryFailureTests {
    let auth = "AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)"
    let temporary = ConnectionAction.reply(.failure(1, .init(user: "alice", code: .temporaryFailure)))

    @Test(
        "Postfix is told by the end of the connection, everybody else by a code",
        arguments: [
            (0, .automatic, true), (1, .automatic, false), (2, .automatic, false),
            (0, .reply, false), (2, .reply, false), (0, .close, true), (2, .close, true),
        ] as [(UInt32, TemporaryFailurePolicy, Bool)])
    func policy(minor: UInt32, policy: TemporaryFailurePolicy, closes: Bool) throws {
        var connection = try ConnectionUnderTest(minorVersion: minor) { $0.temporaryFailure = policy }
        let check = connection.send(auth)
        let action = connection.answer(check, .temporaryFailure)
        #expect(action == (closes ? .close : temporary))
    }

    @Test("An abandoned exchange does not make Postfix look like somebody else")
    func abandonedNeighbour() throws {
        var connection = try ConnectionUnderTest(minorVersion: 0)
        _ = connection.send("AUTH\t9\tLOGIN\tservice=smtp")
        let check = connection.send(auth)
        let action = connection.answer(check, .temporaryFailure)
        #expect(action == .close)
    }

    @Test("Towards a client that waits for other replies the connection stays")
    func busyNeighbour() throws {
        var connection = try ConnectionUnderTest(minorVersion: 0)
        _ = connection.send("AUTH\t9\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        _ = connection.machine.takeCheck()
        let check = connection.send(auth)
        let action = connection.answer(check, .temporaryFailure)
        #expect(action == temporary)
    }

    @Test("A check without an answer ends after eight seconds as a temporary failure, and is logged")
    func deadline() throws {
        var connection = try ConnectionUnderTest()
        let check = connection.send(auth)
        let early = connection.pass(.milliseconds(7999))
        #expect(early.isEmpty)
        let late = connection.pass(.milliseconds(1))
        #expect(late == [temporary])
        let log = connection.log()
        #expect(log.contains { $0.level == .error && $0.text.contains("timed out") })
        let abandoned = connection.machine.takeAbandoned()
        #expect(abandoned.count == 1)
        let answer = connection.answer(check, .success(user: "alice"))
        #expect(answer == .nothing)
    }

    @Test("When the peer goes away its questions are abandoned")
    func peerCloses() throws {
        var connection = try ConnectionUnderTest()
        _ = connection.send(auth)
        connection.machine.peerClosed()
        let abandoned = connection.machine.takeAbandoned()
        #expect(abandoned.map(\.id) == [1])
        let action = connection.send("AUTH\t2\tPLAIN\tservice=smtp")
        #expect(action == .nothing)
    }

    @Test("A draining connection answers what is open, then it is done")
    func drain() throws {
        var connection = try ConnectionUnderTest()
        let check = connection.send(auth)
        connection.machine.drain()
        let isDrained1 = connection.machine.isDrained
        #expect(!isDrained1)
        let reply = connection.answer(check, .success(user: "alice"))
        #expect(reply == .reply(.success(1, user: "alice", fields: [])))
        let isDrained2 = connection.machine.isDrained
        #expect(isDrained2)
    }
}
