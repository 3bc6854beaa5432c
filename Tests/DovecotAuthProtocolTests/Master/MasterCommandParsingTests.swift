import DovecotAuthProtocol
import Testing

/// What Dovecot 2.3.19.1 understands; see Tests/Recordings/masters.
@Suite("Lines of a peer on a userdb or master socket")
struct MasterCommandParsingTests {
    private func parse(_ text: String) throws(MasterCommandFault) -> MasterCommand {
        let line = text.onWire
        return try MasterCommand(parsing: line.span)
    }

    @Test("VERSION needs this major version, and nothing else", arguments: [
        "VERSION⇥1⇥1", "VERSION⇥1⇥99⇥more", "VERSION⇥1", "VERSION⇥1⇥1\r",
    ])
    func version(_ line: String) throws {
        #expect(try parse(line) == .version)
    }

    @Test("Another major version is none", arguments: ["VERSION", "VERSION⇥", "VERSION⇥2⇥0", "VERSION⇥one⇥1"])
    func otherVersion(_ line: String) {
        #expect(throws: MasterCommandFault.incompatibleVersion) { try parse(line) }
    }

    @Test("USER and PASS have an id, a name and parameters")
    func lookup() throws {
        var request = LookupRequest(id: 7, user: "al\tice", service: "imap")
        request.localAddress = "192.0.2.1"
        request.remoteAddress = "2001:db8::2"
        request.localPort = 143
        request.remotePort = 5000
        request.session = "abc"
        request.isDebugged = true
        let fields = "⇥7⇥al␁tice⇥service=imap⇥lip=192.0.2.1⇥rip=2001:db8::2⇥lport=143⇥rport=5000⇥session=abc⇥debug"
        #expect(try parse("USER" + fields + "⇥unknown=1⇥flag") == .user(request))
        #expect(try parse("PASS" + fields) == .password(request))
    }

    @Test("Any 32-bit number is an id, 0 too", arguments: [("0", 0), ("007", 7), ("4294967295", UInt32.max)])
    func ids(_ text: String, _ id: UInt32) throws {
        #expect(try parse("USER⇥\(text)⇥alice⇥service=smtp") == .user(LookupRequest(id: id, user: "alice", service: "smtp")))
    }

    @Test("An empty service is one; Dovecot 2.4 may say protocol", arguments: ["service=", "service", "protocol="])
    func emptyService(_ field: String) throws {
        #expect(try parse("USER⇥1⇥alice⇥\(field)") == .user(LookupRequest(id: 1, user: "alice", service: "")))
    }

    @Test("Addresses and ports that are none are ignored")
    func badAddresses() throws {
        let line = "USER⇥1⇥alice⇥service=x⇥lip=nonsense⇥rip=⇥lport=99999999⇥rport=-1"
        #expect(try parse(line) == .user(LookupRequest(id: 1, user: "alice", service: "x")))
    }

    @Test("LIST has an id and may have a mask", arguments: [
        ("LIST⇥1", ""), ("LIST⇥1⇥user=*@example.com", "*@example.com"), ("LIST⇥1⇥service=smtp⇥nonsense⇥user=a?", "a?"),
    ])
    func list(_ line: String, _ mask: String) throws {
        #expect(try parse(line) == .list(id: 1, mask: mask))
    }

    @Test("REQUEST has a cookie in either case")
    func claim() throws {
        let cookie = ServerGreeting.Cookie(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)
        let claim = LoginClaim(id: 1, clientProcessID: 2, clientRequest: 3, cookie: cookie, sessionProcessID: 4)
        #expect(
            try parse("REQUEST⇥1⇥2⇥3⇥0123456789abcdefFEDCBA9876543210⇥session_pid=4⇥request_auth_token") == .claim(claim))
    }

    // A longer one ends the process of Dovecot 2.3.19.1.
    @Test("A cookie of another length is nobody's", arguments: ["", "00", "0123456789abcdeffedcba987654321000"])
    func otherCookies(_ text: String) throws {
        let claim = LoginClaim(id: 1, clientProcessID: 2, clientRequest: 3, cookie: nil)
        #expect(try parse("REQUEST⇥1⇥2⇥3⇥\(text)") == .claim(claim))
    }

    @Test("CACHE-FLUSH has any word as its id")
    func flush() throws {
        #expect(try parse("CACHE-FLUSH⇥abc") == .flushCache(id: "abc", users: []))
        #expect(try parse("CACHE-FLUSH⇥7⇥alice⇥b␁tob") == .flushCache(id: "7", users: ["alice", "b\tob"]))
    }

    @Test("A command whose fields can't be read ends the connection", arguments: [
        ("USER⇥", "USER"), ("USER⇥1", "USER"), ("USER⇥x⇥alice⇥service=s", "USER"), ("USER⇥-1⇥alice⇥service=s", "USER"),
        ("USER⇥4294967296⇥alice⇥service=s", "USER"), ("PASS⇥1", "PASS"), ("LIST⇥", "LIST"), ("LIST⇥x", "LIST"),
        ("REQUEST⇥1⇥2⇥3", "REQUEST"), ("REQUEST⇥1⇥2⇥3⇥nonsense", "REQUEST"), ("REQUEST⇥1⇥2⇥3⇥0", "REQUEST"),
        ("REQUEST⇥x⇥2⇥3⇥00", "REQUEST"), ("REQUEST⇥1⇥2⇥x⇥00", "REQUEST"), ("CACHE-FLUSH⇥", "CACHE-FLUSH"),
    ])
    func broken(_ line: String, _ word: String) {
        #expect(throws: MasterCommandFault.broken(word)) { try parse(line) }
    }

    @Test("A lookup without service ends the connection", arguments: ["USER", "PASS"])
    func missingService(_ word: String) {
        #expect(throws: MasterCommandFault.missingService(word)) { try parse("\(word)⇥1⇥alice") }
    }

    @Test("Words that are no command end the connection", arguments: [
        ("", ""), ("USER", "USER"), ("LIST", "LIST"), ("CACHE-FLUSH", "CACHE-FLUSH"), ("CPID⇥1", "CPID"),
        ("user⇥1⇥alice⇥service=s", "user"), ("CACHE-STATUS⇥1", "CACHE-STATUS"), ("⇥", ""),
    ])
    func unknown(_ line: String, _ word: String) {
        #expect(throws: MasterCommandFault.unknownCommand(word)) { try parse(line) }
    }

    @Test("Random bytes never trap", arguments: SeededGenerator.seeds)
    func neverTraps(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let words = [
            "USER", "PASS", "LIST", "REQUEST", "CACHE-FLUSH", "VERSION", "⇥", "⇥", "⇥1", "⇥alice", "⇥service=s", "=", "␁",
            "⇥rip=", "⇥00112233445566778899aabbccddeeff", "99999999999999999999999", "\r", "⇥session_pid=", "⇥user=*",
        ].map(\.onWire)
        for _ in 0..<3000 {
            var line: [UInt8] = []
            for _ in 0..<Int.random(in: 0...8, using: &generator) {
                line +=
                    Int.random(in: 0..<5, using: &generator) == 0
                    ? generator.bytes(upTo: 6) : words[Int.random(in: words.indices, using: &generator)]
            }
            // Nothing but an end is promised for nonsense; a service is there whenever a lookup is.
            if let command = try? MasterCommand(parsing: line.span) {
                #expect(["VERSION", "USER", "PASS", "LIST", "REQUEST", "CACHE-FLUSH"].contains(command.word), "seed \(seed)")
            }
        }
    }
}
