import AuthEngine
import DovecotAuthProtocol
import Testing

@Suite("The handshake of a connection")
struct HandshakeTests {
    // The log texts are Dovecot 2.3.19's.
    @Test(
        "A wrong first line ends the connection and is logged in Dovecot's words",
        arguments: [
            ("CPID\t1", "Authentication client sent invalid VERSION line: CPID"),
            ("HELLO", "Authentication client sent invalid VERSION line: HELLO"),
            ("", "Authentication client sent invalid VERSION line: "),
            ("VERSION", "Authentication client sent invalid VERSION line: VERSION"),
            ("VERSION\t1", "Authentication client sent invalid VERSION line: VERSION"),
            ("VERSION\tx\t1", "Authentication client sent invalid VERSION line: VERSION"),
            ("VERSION\t2\t0", "Authentication client not compatible with this server (mixed old and new binaries?)"),
        ])
    func firstLine(line: String, text: String) throws {
        var connection = try ConnectionUnderTest(minorVersion: nil)
        let action = connection.send(line)
        #expect(action == .close)
        let log = connection.log()
        #expect(log == [LogLine(.error, text)])
    }

    @Test(
        "A wrong second line ends the connection",
        arguments: [
            ("CPID\t0", "BUG: Authentication client said it's PID 0"),
            ("CPID\tx", "BUG: Authentication client said it's PID 0"),
            ("CPID", "BUG: Authentication client said it's PID 0"),
            (
                "AUTH\t1\tPLAIN\tservice=smtp\tresp=\(String.alicePlain)",
                "BUG: Authentication client sent unknown handshake command: AUTH"
            ),
            ("HELLO", "BUG: Authentication client sent unknown handshake command: HELLO"),
        ])
    func secondLine(line: String, text: String) throws {
        var connection = try ConnectionUnderTest(minorVersion: nil)
        let first = connection.send("VERSION\t1\t2")
        #expect(first == .nothing)
        let second = connection.send(line)
        #expect(second == .close)
        let log = connection.log()
        #expect(log == [LogLine(.error, text)])
    }

    @Test("Any minor version is welcome", arguments: [0, 1, 2, 3, 4, 99] as [UInt32])
    func minorVersions(minor: UInt32) throws {
        var connection = try ConnectionUnderTest(minorVersion: minor)
        let action = connection.send("AUTH\t1\tPLAIN\tservice=smtp")
        #expect(action == .reply(.challenge(1, [])))
    }

    @Test("A CPID may be larger than a process id: Ruby's client sends an object id")
    func largeProcessID() throws {
        var connection = try ConnectionUnderTest(minorVersion: nil)
        _ = connection.send("VERSION\t1\t1\r")
        _ = connection.send("CPID\t70368744177664\r")
        let action = connection.send("AUTH\t1\tPLAIN\tservice=smtp\r")
        #expect(action == .reply(.challenge(1, [])))
    }

    @Test("VERSION and CPID may be said again, as Robin does before every login")
    func repeatedHandshake() throws {
        var connection = try ConnectionUnderTest()
        let actions = [connection.send("VERSION\t1\t2"), connection.send("CPID\t77")]
        #expect(actions == [.nothing, .nothing])
    }

    @Test("A connection that does not introduce itself in time ends", arguments: [[], ["VERSION\t1\t2"]])
    func timeout(lines: [String]) throws {
        var connection = try ConnectionUnderTest(minorVersion: nil)
        for line in lines { _ = connection.send(line) }
        let early = connection.pass(.seconds(29))
        #expect(early.isEmpty)
        let late = connection.pass(.seconds(1))
        #expect(late == [.close])
    }

    @Test("A handshake timeout of zero means none")
    func noTimeout() throws {
        var connection = try ConnectionUnderTest(minorVersion: nil) { $0.handshakeTimeout = .zero }
        let actions = connection.pass(.seconds(86_400 * 365))
        #expect(actions.isEmpty)
    }

    @Test("A connection that has introduced itself may be idle for ever")
    func idle() throws {
        var connection = try ConnectionUnderTest()
        let actions = connection.pass(.seconds(86_400 * 365))
        #expect(actions.isEmpty)
        let action = connection.send("AUTH\t1\tPLAIN\tservice=smtp")
        #expect(action == .reply(.challenge(1, [])))
    }

    @Test(
        "After the handshake an unreadable line ends the connection",
        arguments: [
            "", "HELLO", "auth\t1\tPLAIN\tservice=smtp", "AUTH", "AUTH\t", "AUTH\tx\tPLAIN\tservice=smtp",
            "AUTH\t0\tPLAIN\tservice=smtp", "AUTH\t-1\tPLAIN", "AUTH\t+1\tPLAIN", "AUTH\t4294967296\tPLAIN",
            "CONT\tx\t", "CONT", "CANCEL", "CANCEL\tx", "DONE", "OK\t1",
        ])
    func unreadable(line: String) throws {
        var connection = try ConnectionUnderTest()
        let action = connection.send(line)
        #expect(action == .close)
        let log = connection.log()
        #expect(log.count == 1 && log[0].level == .error)
    }

    @Test("No log line of a protocol error shows what stood in resp=")
    func noSecretInLog() throws {
        let secret = String.alicePlain
        for line in [
            "AUTH\tx\tPLAIN\tservice=smtp\tresp=\(secret)", "AUTH\t1\tFOO\tservice=smtp\tresp=\(secret)",
            "AUTH\t1\tPLAIN\tresp=\(secret)", "AUTH\t1\tPLAIN\tservice=smtp\tresp=\(secret)\tx",
            "CONT\tx\t\(secret)", "BOGUS\t\(secret)", "CONT\t9\t\(secret)",
        ] {
            var connection = try ConnectionUnderTest()
            _ = connection.send(line)
            for entry in connection.log() { #expect(!entry.text.contains(secret), "\(line)") }
        }
    }
}
