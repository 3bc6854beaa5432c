import AuthDatabases
import AuthEngine
import DovecotAuthProtocol
import TestSupport
import Testing

/// Expectations recorded from Dovecot 2.3.19.1; see Tests/Recordings/masters.
@Suite("A connection to a userdb or master socket")
struct MasterConnectionTests {
    @Test("VERSION comes first, or the connection ends", arguments: [
        "USER⇥1⇥alice⇥service=smtp", "VERSION⇥2⇥0", "", "CPID⇥1", "VERSION",
    ])
    func handshake(_ line: String) {
        var connection = MasterConnectionUnderTest()
        #expect(connection.say(line) == ["closed"])
        #expect(connection.log == ["auth-master client: Master not compatible with this server (mixed old and new binaries?)"])
        #expect(connection.say("VERSION⇥1⇥1") == [])
    }

    @Test("USER tells a record or that there is none", arguments: [
        ("USER⇥1⇥alice⇥service=smtp", "USER⇥1⇥alice⇥uid=1000⇥home=/a"), ("USER⇥7⇥ALICE⇥service=", "USER⇥7⇥alice⇥uid=1000⇥home=/a"),
        ("USER⇥1⇥bob⇥service=smtp", "NOTFOUND⇥1"), ("USER⇥1⇥wide name⇥service=smtp", "NOTFOUND⇥1"),
        ("USER⇥1⇥⇥service=smtp", "NOTFOUND⇥1"), ("PASS⇥2⇥alice⇥service=smtp", "PASS⇥2⇥user=alice⇥host=x"),
        ("PASS⇥2⇥bob⇥service=smtp", "NOTFOUND⇥2"), ("PASS⇥2⇥wide name⇥service=smtp", "NOTFOUND⇥2"),
    ])
    func lookups(_ line: String, _ reply: String) {
        for kind in [MasterConnectionSettings.Kind.userdb, .master] {
            var connection = MasterConnectionUnderTest(kind)
            #expect(connection.greet() == [])
            #expect(connection.say(line) == [reply])
        }
    }

    @Test("What went wrong is told apart", arguments: [
        (UserVerdict.Outcome.failed(reason: nil), "FAIL⇥1"), (.failed(reason: "Moving"), "FAIL⇥1⇥reason=Moving"),
        (.found(user: "x", fields: []), "USER⇥1⇥x"),
    ])
    func outcomes(_ outcome: UserVerdict.Outcome, _ reply: String) {
        var connection = MasterConnectionUnderTest()
        connection.users = { _, _ in outcome }
        _ = connection.greet()
        #expect(connection.say("USER⇥1⇥alice⇥service=smtp") == [reply])
    }

    @Test("PASS that can't be answered says why", arguments: [
        (PasswordRecord.barred(user: "alice", userdbFields: nil), "FAIL⇥1"),
        (.unavailable, "FAIL⇥1⇥reason=Configured passdbs don't support credentials lookups"),
        (.failed, "FAIL⇥1"), (.unknown, "NOTFOUND⇥1"),
    ])
    func passwordOutcomes(_ record: PasswordRecord, _ reply: String) {
        var connection = MasterConnectionUnderTest()
        connection.passwords = { _ in record }
        _ = connection.greet()
        #expect(connection.say("PASS⇥1⇥alice⇥service=smtp") == [reply])
    }

    @Test("The query has what the peer said of the client")
    func query() {
        var connection = MasterConnectionUnderTest()
        connection.users = { _, _ in nil }
        _ = connection.greet()
        #expect(connection.say("USER⇥1⇥Alice⇥service=imap⇥lip=192.0.2.1⇥rip=192.0.2.2⇥lport=143⇥rport=5000⇥session=s") == [])
        var query = UserQuery(user: "alice", service: "imap")
        query.originalUser = "Alice"
        query.localAddress = "192.0.2.1"
        query.remoteAddress = "192.0.2.2"
        query.localPort = 143
        query.remotePort = 5000
        query.sessionID = "s"
        #expect(connection.open.map(\.question) == [.user(query, prefetched: nil)])
    }

    @Test("A peer on an open socket sees its own record only")
    func restricted() {
        var stranger = MasterConnectionUnderTest(restrictedTo: 65534)
        _ = stranger.greet()
        #expect(stranger.say("USER⇥1⇥alice⇥service=smtp") == ["FAIL⇥1"])
        #expect(stranger.say("USER⇥1⇥bob⇥service=smtp") == ["NOTFOUND⇥1"])
        #expect(stranger.say("PASS⇥1⇥alice⇥service=smtp") == ["FAIL⇥1"])
        #expect(stranger.say("PASS⇥1⇥bob⇥service=smtp") == ["FAIL⇥1"])
        #expect(stranger.say("PASS⇥1⇥wide name⇥service=smtp") == ["NOTFOUND⇥1"])
        #expect(stranger.say("LIST⇥1") == ["DONE⇥1⇥fail"])
        stranger.users = { _, _ in .found(user: "alice", fields: [ExtraField("home", "/a")]) }
        #expect(stranger.say("USER⇥1⇥alice⇥service=smtp") == ["FAIL⇥1"])
        var owner = MasterConnectionUnderTest(restrictedTo: 1000)
        _ = owner.greet()
        #expect(owner.say("USER⇥1⇥alice⇥service=smtp") == ["USER⇥1⇥alice⇥uid=1000⇥home=/a"])
    }

    @Test("LIST tells the names that match", arguments: [
        ("LIST⇥1", ["alice", "bob", "joe@example.com"]), ("LIST⇥1⇥user=", ["alice", "bob", "joe@example.com"]),
        ("LIST⇥1⇥user=*", ["alice", "bob", "joe@example.com"]), ("LIST⇥1⇥user=*@example.com", ["joe@example.com"]),
        ("LIST⇥1⇥user=A*", ["alice"]), ("LIST⇥1⇥user=b?b", ["bob"]), ("LIST⇥1⇥user=x*", []), ("LIST⇥1⇥user=*o*", ["bob", "joe@example.com"]),
    ])
    func list(_ line: String, _ expected: [String]) {
        var connection = MasterConnectionUnderTest()
        connection.names = [.names(["alice", "bob"]), .names([]), .names(["joe@example.com"])]
        _ = connection.greet()
        #expect(connection.say(line) == expected.map { "LIST⇥1⇥\($0)" } + ["DONE⇥1⇥"])
    }

    @Test("One LIST at a time, beside which lookups go on")
    func secondList() {
        var connection = MasterConnectionUnderTest()
        _ = connection.greet()
        #expect(connection.say("LIST⇥1") == [])
        #expect(connection.say("LIST⇥2") == ["DONE⇥2⇥fail"])
        #expect(connection.say("USER⇥3⇥alice⇥service=smtp") == ["USER⇥3⇥alice⇥uid=1000⇥home=/a"])
        #expect(connection.answer(.namesEnd(hasFailed: true)) == ["DONE⇥1⇥fail"])
        #expect(connection.say("LIST⇥4") == [])
    }

    @Test("CACHE-FLUSH counts on a master socket, and ends a connection to a userdb socket")
    func flush() {
        var master = MasterConnectionUnderTest(.master)
        master.flushed = 5
        _ = master.greet()
        #expect(master.say("CACHE-FLUSH⇥abc") == ["OK⇥abc⇥5"])
        #expect(master.say("CACHE-FLUSH⇥7⇥alice⇥bob") == ["OK⇥7⇥2"])
        var userdb = MasterConnectionUnderTest(.userdb)
        _ = userdb.greet()
        #expect(userdb.say("CACHE-FLUSH⇥1") == ["closed"])
    }

    @Test("What can't be understood ends the connection, and the log says what it was", arguments: [
        ("NOSUCH⇥1", "BUG: Unknown command in master socket: NOSUCH"),
        ("CPID⇥1", "Authentication client trying to connect to master socket"),
        ("VERSION⇥1⇥1", "BUG: Unknown command in master socket: VERSION"), ("", "BUG: Unknown command in master socket: "),
        ("USER⇥1", "BUG: Master sent broken USER"), ("USER⇥1⇥alice", "BUG: Master sent USER request without service"),
        ("CACHE-FLUSH⇥", "BUG: doveadm sent broken CACHE-FLUSH"), ("REQUEST⇥1", "BUG: Master sent broken REQUEST"),
        ("NO\u{1b}SUCH", "BUG: Unknown command in master socket: NO?SUCH"),
    ])
    func nonsense(_ line: String, _ log: String) {
        var connection = MasterConnectionUnderTest(.master)
        _ = connection.greet()
        #expect(connection.say(line) == ["closed"])
        #expect(connection.log == ["auth-master client: " + log])
    }

    @Test("A lookup without an answer fails in time, and its answer is ignored")
    func deadline() {
        var connection = MasterConnectionUnderTest()
        connection.users = { _, _ in nil }
        _ = connection.greet()
        #expect(connection.say("USER⇥1⇥alice⇥service=smtp") == [])
        #expect(connection.machine.nextDeadline == Instant(nanoseconds: 8_000_000_000))
        #expect(connection.pass(.seconds(7)) == [])
        #expect(connection.pass(.seconds(1)) == ["FAIL⇥1"])
        let ticket = connection.open[0].ticket
        #expect(connection.machine.takeAbandoned() == [ticket])
        #expect(connection.answerLate(ticket, .user(UserVerdict(outcome: .unknownUser))) == [])
        #expect(connection.machine.nextDeadline == nil)
    }

    @Test("A peer that says nothing is closed after a while, one that waits for LIST or is idle never")
    func handshakeTimeout() {
        var silent = MasterConnectionUnderTest()
        #expect(silent.pass(.seconds(29)) == [])
        #expect(silent.pass(.seconds(1)) == ["closed"])
        var listing = MasterConnectionUnderTest()
        _ = listing.greet()
        _ = listing.say("LIST⇥1")
        #expect(listing.pass(.seconds(100_000)) == [])
    }

    @Test("No more is read while too many lookups wait")
    func limit() {
        var connection = MasterConnectionUnderTest { $0.maximumLookupsInFlight = 2 }
        connection.users = { _, _ in nil }
        _ = connection.greet()
        _ = connection.say("USER⇥1⇥alice⇥service=smtp")
        #expect(connection.machine.wantsInput)
        _ = connection.say("USER⇥1⇥alice⇥service=smtp")
        #expect(!connection.machine.wantsInput)
        #expect(connection.answer(.user(UserVerdict(outcome: .unknownUser))) == ["NOTFOUND⇥1"])
        #expect(connection.machine.wantsInput)
    }

    @Test("Draining waits for what is open")
    func drain() {
        var connection = MasterConnectionUnderTest()
        connection.users = { _, _ in nil }
        _ = connection.greet()
        _ = connection.say("USER⇥1⇥alice⇥service=smtp")
        connection.machine.inputEnded()
        #expect(!connection.machine.isDrained)
        #expect(connection.answer(.user(UserVerdict(outcome: .unknownUser))) == ["NOTFOUND⇥1"])
        #expect(connection.machine.isDrained)
    }

    @Test("Random lines and answers never trap", arguments: [1, 2, 3] as [UInt64])
    func neverTraps(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let lines = [
            "VERSION⇥1⇥1", "USER⇥1⇥alice⇥service=s", "PASS⇥4294967295⇥a⇥service=", "LIST⇥1⇥user=*?*", "LIST⇥2",
            "REQUEST⇥1⇥2⇥3⇥00112233445566778899aabbccddeeff⇥session_pid=4", "CACHE-FLUSH⇥1⇥a", "USER⇥0⇥\u{1}⇥service=s",
        ]
        let answers: [MasterAnswer] = [
            .user(UserVerdict(outcome: .unknownUser)), .password(.unknown), .names(["a"]), .namesEnd(hasFailed: true),
            .claim(.wrongCookie), .claim(.login(WaitingLogin(query: UserQuery(user: "a")))), .flushed(-1),
        ]
        for _ in 0..<200 {
            var connection = MasterConnectionUnderTest(.master)
            connection.users = { _, _ in nil }
            connection.passwords = { _ in nil }
            for _ in 0..<60 {
                switch Int.random(in: 0..<8, using: &generator) {
                case 0: _ = connection.pass(.seconds(Int.random(in: 0...40, using: &generator)))
                case 1...2: _ = connection.answer(answers[Int.random(in: answers.indices, using: &generator)])
                case 3: if Int.random(in: 0..<9, using: &generator) == 0 { connection.machine.inputEnded() }
                default: _ = connection.say(lines[Int.random(in: lines.indices, using: &generator)])
                }
            }
            connection.machine.peerClosed()
            #expect(connection.machine.nextDeadline == nil, "seed \(seed)")
        }
    }
}
