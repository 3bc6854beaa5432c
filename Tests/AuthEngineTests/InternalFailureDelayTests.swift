import AuthEngine
import DovecotAuthProtocol
import Testing

@Suite("The delay of internal failures")
struct InternalFailureDelayTests {
    private let auth = "AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)"
    private let temporary = ConnectionAction.reply(.failure(1, .init(user: "alice", code: .temporaryFailure)))

    @Test("They wait two seconds at least, whether they are told by a reply or by the end of the connection", arguments: [
        TemporaryFailurePolicy.reply, .close,
    ])
    func delay(policy: TemporaryFailurePolicy) throws {
        var connection = try ConnectionUnderTest {
            $0.internalFailureDelay = .seconds(2)
            $0.temporaryFailure = policy
        }
        let check = connection.send(auth)
        #expect(connection.answer(check, .temporaryFailure) == .nothing)
        #expect(connection.pass(.milliseconds(1999)).isEmpty)
        #expect(connection.pass(.milliseconds(1)) == [policy == .close ? .close : temporary])
    }

    @Test("Whether the connection ends is decided when it is told: Postfix may have begun another login")
    func laterNeighbour() throws {
        var connection = try ConnectionUnderTest(minorVersion: 0) { $0.internalFailureDelay = .seconds(2) }
        let check = connection.send(auth)
        #expect(connection.answer(check, .temporaryFailure) == .nothing)
        _ = connection.pass(.seconds(1))
        _ = connection.send("AUTH\t2\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)")
        _ = connection.machine.takeCheck()
        #expect(connection.pass(.seconds(1)) == [temporary])
    }

    @Test("They never wait for longer than a request may take, and one that took that long not at all")
    func deadline() throws {
        var connection = try ConnectionUnderTest {
            $0.internalFailureDelay = .seconds(60)
            $0.requestDeadline = .seconds(3)
        }
        let check = connection.send(auth)
        #expect(connection.answer(check, .temporaryFailure) == .nothing)
        #expect(connection.pass(.milliseconds(2999)).isEmpty)
        #expect(connection.pass(.milliseconds(1)) == [temporary])
        _ = connection.send(auth)
        _ = connection.machine.takeCheck()
        #expect(connection.pass(.seconds(3)) == [temporary])
    }
}
