import AuthDatabases
import AuthEngine
import DovecotAuthProtocol
import Testing

/// Dovecot gives a request MASTER_AUTH_SERVER_TIMEOUT_SECS from its last change, 150 s, whatever it waits for.
@Suite("How long a login waits for its mail process")
struct WaitingTimeTests {
    private let registry = LoginRegistry()
    private let cookie = ServerGreeting.Cookie(high: 1, low: 2)

    private func connection() throws -> ConnectionUnderTest {
        try ConnectionUnderTest(seat: LoginSeat(registry: registry, cookie: cookie))
    }

    private func logIn(_ connection: inout ConnectionUnderTest, _ id: Int) {
        let check = connection.send("AUTH\t\(id)\tPLAIN\tservice=imap\tresp=\(String.alicePlain)")
        guard case .reply(.success) = connection.answer(check, .success(user: "alice")) else {
            Issue.record("no login")
            return
        }
    }

    @Test("150 s, each login for itself")
    func limit() throws {
        var connection = try connection()
        logIn(&connection, 5)
        _ = connection.pass(.seconds(100))
        logIn(&connection, 6)
        _ = connection.pass(.seconds(49))
        #expect(registry.isWaiting(5, of: 123))
        _ = connection.log()
        #expect(connection.pass(.seconds(1)).count == 1)
        #expect(!registry.isWaiting(5, of: 123) && registry.isWaiting(6, of: 123))
        #expect(
            connection.log().map(\.text) == [
                "auth client 123: Request 123.5 timed out after 150.0 seconds, waiting for REQUEST of a mail process"
            ])
        #expect(registry.take(LoginClaim(id: 1, clientProcessID: 123, clientRequest: 5, cookie: cookie)) == .unknownLogin)
        _ = connection.pass(.seconds(100))
        #expect(!registry.isWaiting(6, of: 123))
    }

    @Test("What was taken in time is told to nobody, and the id may wait again, as long as any other")
    func taken() throws {
        var connection = try connection()
        logIn(&connection, 5)
        _ = connection.pass(.seconds(140))
        guard
            case .login = registry.take(LoginClaim(id: 1, clientProcessID: 123, clientRequest: 5, cookie: cookie))
        else {
            Issue.record("not taken")
            return
        }
        logIn(&connection, 5)
        _ = connection.log()
        _ = connection.pass(.seconds(149))
        #expect(registry.isWaiting(5, of: 123))
        #expect(connection.log().isEmpty)
        _ = connection.pass(.seconds(1))
        #expect(!registry.isWaiting(5, of: 123))
    }
}
