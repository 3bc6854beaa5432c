import AuthDatabases
import AuthEngine
import DovecotAuthProtocol
import Testing

/// Expectations recorded from Dovecot 2.3.19.1; see Tests/Recordings/masters.
@Suite("Logins that wait for a mail process")
struct LoginClaimTests {
    private let cookie = ServerGreeting.Cookie(high: 0x0011_2233_4455_6677, low: 0x8899_aabb_ccdd_eeff)
    private let hex = "00112233445566778899aabbccddeeff"

    private let limit = Instant(nanoseconds: 150_000_000_000)

    private func connection(process: UInt32? = nil) -> MasterConnectionUnderTest {
        var connection = MasterConnectionUnderTest(.master, process: process)
        _ = connection.greet()
        #expect(connection.logins.add(1001, cookie: cookie))
        return connection
    }

    private func login(_ user: String = "alice", _ change: (inout WaitingLogin) -> Void = { _ in }) -> WaitingLogin {
        var query = UserQuery(user: user, service: "imap")
        query.mechanism = "plain"
        var login = WaitingLogin(query: query)
        change(&login)
        return login
    }

    @Test("A login is taken once, with its mechanism")
    func once() {
        var connection = connection()
        connection.logins.keep(login(), 5, of: 1001, until: limit)
        #expect(connection.say("REQUEST⇥77⇥1001⇥5⇥\(hex)") == ["USER⇥77⇥alice⇥uid=1000⇥home=/a⇥auth_mech=PLAIN"])
        #expect(connection.say("REQUEST⇥78⇥1001⇥5⇥\(hex)") == ["FAIL⇥78"])
    }

    @Test("What a login brought along goes to the user databases and back", arguments: [
        (true, false, "⇥mail=x⇥uid=1000⇥home=/a⇥master_user=boss⇥auth_mech=PLAIN⇥auth_user=boss"),
        (false, false, "⇥mail=x⇥uid=1000⇥home=/a⇥auth_mech=PLAIN⇥auth_user=ALICE"),
        (false, true, "⇥mail=x⇥uid=1000⇥home=/a⇥auth_mech=PLAIN⇥anonymous⇥auth_user=ALICE"),
    ])
    func fields(_ hasMaster: Bool, _ isAnonymous: Bool, _ expected: String) {
        var connection = connection()
        let login = login {
            $0.query.originalUser = "ALICE"
            $0.query.masterUser = hasMaster ? "boss" : nil
            $0.isAnonymous = isAnonymous
            $0.userdbFields = [ExtraField("mail", "x")]
        }
        connection.logins.keep(login, 5, of: 1001, until: limit)
        #expect(connection.say("REQUEST⇥1⇥1001⇥5⇥\(hex)") == ["USER⇥1⇥alice" + expected])
    }

    @Test("A login whom the user databases rename is anonymous no more, and ANONYMOUS has given no other name", arguments: [
        ("ANONYMOUS", "USER⇥1⇥bob⇥auth_mech=ANONYMOUS"), ("PLAIN", "USER⇥1⇥bob⇥auth_mech=PLAIN⇥auth_user=anonymous"),
    ])
    func renamed(mechanism: String, expected: String) {
        var connection = connection()
        connection.users = { _, _ in .found(user: "bob", fields: []) }
        let login = login("anonymous") {
            $0.query.mechanism = mechanism
            $0.isAnonymous = true
        }
        connection.logins.keep(login, 5, of: 1001, until: limit)
        #expect(connection.say("REQUEST⇥1⇥1001⇥5⇥\(hex)") == [expected])
    }

    @Test("A wrong cookie, process or request takes nothing", arguments: [
        ("1001⇥5⇥00000000000000000000000000000000", "Master requested auth for client 1001 with invalid cookie"),
        ("1001⇥5⇥0011", "Master requested auth for client 1001 with invalid cookie"),
        ("1001⇥5⇥00112233445566778899aabbccddeeff00", "Master requested auth for client 1001 with invalid cookie"),
        ("9999⇥5⇥00112233445566778899aabbccddeeff", "Master requested auth for nonexistent client 9999"),
        ("0⇥5⇥00112233445566778899aabbccddeeff", "Master requested auth for nonexistent client 0"),
        ("1001⇥6⇥00112233445566778899aabbccddeeff", "Master request 1001.6 not found"),
    ])
    func wrong(_ fields: String, _ log: String) {
        var connection = connection()
        connection.logins.keep(login(), 5, of: 1001, until: limit)
        #expect(connection.say("REQUEST⇥77⇥" + fields) == ["FAIL⇥77"])
        #expect(connection.log == ["auth-master client: " + log])
        #expect(connection.logins.isWaiting(5, of: 1001))
    }

    @Test("A mail process can't speak for another")
    func sessionProcess() {
        var connection = connection(process: 42)
        connection.logins.keep(login(), 5, of: 1001, until: limit)
        #expect(connection.say("REQUEST⇥77⇥1001⇥5⇥\(hex)⇥session_pid=1") == ["FAIL⇥77"])
        #expect(
            connection.say("REQUEST⇥78⇥1001⇥5⇥\(hex)⇥session_pid=42⇥request_auth_token")
                == ["USER⇥78⇥alice⇥uid=1000⇥home=/a⇥auth_mech=PLAIN"])
    }

    @Test("A login whose user has no record is not found")
    func withoutRecord() {
        var connection = connection()
        connection.logins.keep(login("bob"), 5, of: 1001, until: limit)
        #expect(connection.say("REQUEST⇥77⇥1001⇥5⇥\(hex)") == ["NOTFOUND⇥77"])
    }

    @Test("A login process's number is its own as long as it is there")
    func numbers() {
        let logins = LoginRegistry()
        #expect(logins.add(7, cookie: cookie))
        #expect(!logins.add(7, cookie: cookie))
        logins.keep(login(), 5, of: 7, until: limit)
        #expect(logins.forget(5, of: 7))
        #expect(!logins.forget(5, of: 7))
        logins.keep(login(), 6, of: 7, until: limit)
        logins.remove(7)
        #expect(logins.take(LoginClaim(id: 1, clientProcessID: 7, clientRequest: 6, cookie: cookie)) == .unknownClient)
        #expect(logins.add(7, cookie: cookie))
        // Nothing waits for a process that isn't there.
        logins.keep(login(), 5, of: 8, until: limit)
        #expect(!logins.isWaiting(5, of: 8))
    }
}
