import AuthDatabases
import AuthEngine
import TestSupport
import Testing

@testable import AuthServer

/// Logins in which nothing is special are answered straight away, with the bytes that the long way has for them.
@Suite("Direct logins")
struct DirectLoginTests {
    /// All have the password `secret`, by doveadm pw of Dovecot 2.3.19.1.
    static let users = [
        "alice": "{SSHA256}T5NigO2lTXoGC+/GotpTmhVfGXbHpXWIjW0AewhKpQ68HKpQ",
        "bob": "{SSHA}fF6NcA1W6BMVbLOv+JSNVhcfk1zzZHPh",
        "carol@example.com":
            "{SSHA512}6dy1bqOzxjo+0T7bpUKZWPwE9y5UE0WAechYOrB6rcnTdbd0mE+s0bl+EI0c3I4wWDnH3FMbhTWLrSEtjxnNe2Q0mt4=",
        "dave": "{PLAIN}secret", "anonymous": "{SSHA256}T5NigO2lTXoGC+/GotpTmhVfGXbHpXWIjW0AewhKpQ68HKpQ",
    ]

    static func encoded(_ message: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array(message.utf8)
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).map { start + $0 < bytes.count ? Int(bytes[start + $0]) : 0 }
            let word = group[0] << 16 | group[1] << 8 | group[2]
            for digit in 0..<4 {
                text.append(start + digit > bytes.count ? "=" : alphabet[word >> (18 - 6 * digit) & 63])
            }
        }
        return text
    }

    static func line(
        _ message: String, id: String = "1", parameters: String = "service=smtp\tnologin\tsecured\trip=192.0.2.1"
    ) -> String {
        "AUTH\t\(id)\tPLAIN\t\(parameters)\tresp=\(encoded(message))"
    }

    /// What a connection answers to one line, the same line again, and one that is surely answered.
    private func replies(
        _ line: String, _ database: any PasswordDatabase, _ change: (inout AuthServerConfiguration) -> Void = { _ in }
    ) throws -> (lines: [String], log: [String], isOpen: Bool) {
        let connection = try ServedConnection.introduced([database], change)
        connection.send("\(line)\n")
        connection.send("\(line)\n")
        connection.pass(.seconds(3))
        if connection.isOpen { connection.send(Self.line("\0alice\0secret", id: "77") + "\n") }
        return (connection.writes().flatMap(\.lines), connection.log.lines.map(\.text), connection.isOpen)
    }

    @Test(
        "A login in which nothing is special is answered without a question to the database",
        arguments: [
            (line("\0alice\0secret"), "OK\t1\tuser=alice"),
            (line("alice\0alice\0secret"), "OK\t1\tuser=alice"),
            (line("\0bob\0secret", id: "4294967"), "OK\t4294967\tuser=bob"),
            (line("\0carol@example.com\0secret"), "OK\t1\tuser=carol@example.com"),
            (line("\0alice\0secret", parameters: "protocol=smtp\tfinal-resp-ok\tsession=x\tunknown=y"), "OK\t1\tuser=alice"),
        ])
    func direct(_ line: String, _ reply: String) throws {
        let users = try DirectUsersUnderTest(Self.users)
        let replies = try replies(line, users)
        #expect(replies.lines == [reply, reply, "OK\t77\tuser=alice"])
        #expect(users.asked == 0)
    }

    /// Lines that are wrong or special in one way each.
    static let special = [
        line("\0alice\0wrong"), line("\0nobody\0secret"), line("\0dave\0secret"), line("\0Alice\0secret"),
        line("\0anonymous\0secret"), line("bob\0alice\0secret"), line("\0alice\0"), line("\0\0secret"),
        line("\0alice\0sec\0ret"), line("\0alice\0secret\n"), line("\0alice\0sec\u{1}ret"), line("alice"), line(""),
        line("\0al ice\0secret"), line("\0ålice\0secret"), line("\0alice" + String(repeating: "x", count: 300) + "\0secret"),
        line("\0alice\0" + String(repeating: "x", count: 600)),
        line("\0alice\0secret", id: "0"), line("\0alice\0secret", id: "007"), line("\0alice\0secret", id: "4294967296"),
        line("\0alice\0secret", id: "99999999999999"), line("\0alice\0secret", id: ""), line("\0alice\0secret", id: "x"),
        line("\0alice\0secret", parameters: "nologin"), line("\0alice\0secret", parameters: "service"),
        line("\0alice\0secret", parameters: "service="), line("\0alice\0secret", parameters: ""),
        line("\0alice\0secret", parameters: "service=smtp\tdebug"),
        line("\0alice\0secret", parameters: "service=smtp\tforward_fields=a=b"),
        line("\0alice\0secret", parameters: "service=smtp\tresp=\trip=::1"),
        line("\0alice\0secret", parameters: "service=smtp\tresponse=x"),
        line("\0alice\0secret", parameters: "service=smtp\tcert_username=bob\tvalid-client-cert"),
        line("\0alice\0secret") + "\tservice=smtp", line("\0alice\0secret") + "\r", line("\0alice\0secret") + "=",
        line("\0alice\0secret").dropLast(1) + "!", line("\0alice\0secret") + "\u{1}t",
        "AUTH\t1\tPLAIN\tservice=smtp", "AUTH\t1\tPLAIN\tservice=smtp\tresp=", "AUTH\t1\tPLAIN\tservice=smtp\tresp==",
        "AUTH\t1\tPLAIN", "AUTH\t1\t", "AUTH\t1", "AUTH\t", "AUTH", "", "AUTH\t1\tplain\tservice=smtp\tresp=AGFsaWNlAHNlY3JldA==",
        "AUTH\t1\tPLAINER\tservice=smtp\tresp=AGFsaWNlAHNlY3JldA==", "AUTH\t1\tLOGIN\tservice=smtp\tresp=YWxpY2U=",
        "AUTHX\t1\tPLAIN\tservice=smtp\tresp=AGFsaWNlAHNlY3JldA==", "CONT\t1\tAGFsaWNlAHNlY3JldA==", "CANCEL\t1",
    ]

    @Test("Whatever else is sent, it is answered and logged as if there were no direct logins", arguments: special)
    func same(_ line: String) throws {
        let direct = try replies(line, DirectUsersUnderTest(Self.users))
        let usual = try replies(line, MemoryUsers(Self.users))
        #expect(direct.lines == usual.lines)
        #expect(direct.log.map { $0.replacing("direct(", with: "memory(") } == usual.log)
        #expect(direct.isOpen == usual.isOpen)
    }

    @Test("Whoever is not let in by the line is not compared a second time when the machine asks for the password")
    func once() throws {
        let users = try DirectUsersUnderTest(Self.users)
        let connection = try ServedConnection.introduced([users]) { _ in }
        connection.send(Self.line("\0alice\0wrong") + "\n")
        #expect(users.looks == 1)
        #expect(users.asked == 1)
    }

    @Test("Lines that chance has changed are answered and logged as if there were no direct logins")
    func mutations() throws {
        var generator = SeededGenerator(seed: 20_261_125)
        let alphabet = Array("\t\u{1}=\0aAlice0179PLN\r+/ :%".utf8)
        let lines = Self.special + [Self.line("\0alice\0secret"), Self.line("bob\0bob\0secret", id: "12")]
        for _ in 0..<3000 {
            var bytes = Array(lines.randomElement(using: &generator)!.utf8)
            for _ in 0...Int.random(in: 0...2, using: &generator) {
                let place = Int.random(in: 0...bytes.count, using: &generator)
                switch Int.random(in: 0...2, using: &generator) {
                case 0: bytes.insert(alphabet.randomElement(using: &generator)!, at: place)
                case 1 where place < bytes.count: bytes.remove(at: place)
                case 2 where place < bytes.count: bytes[place] = alphabet.randomElement(using: &generator)!
                default: break
                }
            }
            let line = String(decoding: bytes, as: UTF8.self)
            let direct = try replies(line, DirectUsersUnderTest(Self.users))
            let usual = try replies(line, MemoryUsers(Self.users))
            #expect(direct.lines == usual.lines, "\(bytes)")
            #expect(direct.log.map { $0.replacing("direct(", with: "memory(") } == usual.log, "\(bytes)")
        }
    }

    /// What a connection answers to lines that go on with each other, twice, and to one that is surely answered.
    private func replies(
        _ lines: [String], _ database: any PasswordDatabase, _ change: (inout AuthServerConfiguration) -> Void = { _ in }
    ) throws -> (lines: [String], log: [String], isOpen: Bool) {
        let connection = try ServedConnection.introduced([database], change)
        for _ in 0..<2 {
            for line in lines where connection.isOpen { connection.send("\(line)\n") }
            connection.pass(.seconds(3))
        }
        if connection.isOpen { connection.send(Self.line("\0alice\0secret", id: "77") + "\n") }
        return (connection.writes().flatMap(\.lines), connection.log.lines.map(\.text), connection.isOpen)
    }

    private static func login(_ user: String, _ password: String, parameters: String = "service=smtp\tsecured") -> [String] {
        ["AUTH\t1\tLOGIN\t\(parameters)", "CONT\t1\t\(encoded(user))", "CONT\t1\t\(encoded(password))"]
    }

    private static func plain(_ message: String, parameters: String = "service=smtp\tsecured") -> [String] {
        ["AUTH\t1\tPLAIN\t\(parameters)", "CONT\t1\t\(encoded(message))"]
    }

    @Test(
        "A password that comes in a later message is compared without a question to the database",
        arguments: [
            login("alice", "secret"), plain("\0alice\0secret"), login("carol@example.com", "secret"),
            plain("bob\0bob\0secret"),
        ])
    func directConversation(_ lines: [String]) throws {
        let users = try DirectUsersUnderTest(Self.users)
        let direct = try replies(lines, users)
        #expect(direct.lines.filter { $0.hasPrefix("OK\t") }.count == 3)
        #expect(users.asked == 0)
        let usual = try replies(lines, MemoryUsers(Self.users))
        #expect(direct.lines == usual.lines)
        #expect(direct.log == usual.log)
    }

    static let specialCredentials: [(user: String, password: String)] = [
        ("alice", "wrong"), ("nobody", "secret"), ("dave", "secret"), ("Alice", "secret"), ("anonymous", "secret"),
        ("alice", ""), ("", "secret"), ("alice", "sec\0ret"), ("alice", "secret\0"), ("ali\0ce", "secret"),
        ("alice", "secret\n"), ("alice", "sec\u{1}ret"), ("alice", "sec\tret"), ("alice", "secret\r"),
        ("al ice", "secret"), ("ålice", "secret"), ("alice*master", "secret"),
        ("alice" + String(repeating: "x", count: 300), "secret"),
        ("alice", String(repeating: "x", count: 383)), ("alice", String(repeating: "x", count: 600)),
    ]
    static let specialParameters: [String] = [
        "service=smtp\tdebug", "service=smtp\tforward_fields=YT1i", "service=imap", "nologin", "",
        "service=smtp\tcert_username=bob\tvalid-client-cert", "service=smtp\trip=192.0.2.1\tlip=::1",
    ]
    private static let otherConversations: [[String]] = [
        plain("bob\0alice\0secret"), Array(login("alice", "secret").prefix(2)),
        login("alice", "secret") + ["CONT\t1\t"], ["AUTH\t1\tLOGIN\tservice=smtp\tresp=YWxpY2U=", "CONT\t1\tc2VjcmV0"],
        Array(login("alice", "secret").dropLast()) + ["CANCEL\t1"],
    ]

    /// Conversations that are wrong or special in one way each.
    private static var specialConversations: [[String]] {
        var all = otherConversations
        for (user, password) in specialCredentials {
            all.append(login(user, password))
            all.append(plain("\0\(user)\0\(password)"))
        }
        for parameters in specialParameters {
            all.append(login("alice", "secret", parameters: parameters))
            all.append(plain("\0alice\0secret", parameters: parameters))
        }
        return all
    }

    @Test(
        "Whatever else is said in several messages, it is answered and logged as if there were no direct logins",
        arguments: specialConversations)
    func sameConversation(_ lines: [String]) throws {
        let direct = try replies(lines, DirectUsersUnderTest(Self.users))
        let usual = try replies(lines, MemoryUsers(Self.users))
        #expect(direct.lines == usual.lines)
        #expect(direct.log.map { $0.replacing("direct(", with: "memory(") } == usual.log)
        #expect(direct.isOpen == usual.isOpen)
    }

    @Test("Conversations that chance has changed are answered and logged as if there were no direct logins")
    func mutatedConversations() throws {
        var generator = SeededGenerator(seed: 20_261_126)
        let alphabet = Array("\t\u{1}=\0aAlice0179PLN\r+/ :%".utf8)
        let all = Self.specialConversations + [Self.login("alice", "secret"), Self.plain("\0bob\0secret")]
        for _ in 0..<1500 {
            var lines = all.randomElement(using: &generator)!
            let changed = Int.random(in: 0..<lines.count, using: &generator)
            var bytes = Array(lines[changed].utf8)
            let place = Int.random(in: 0..<max(1, bytes.count), using: &generator)
            switch Int.random(in: 0...2, using: &generator) {
            case 0: bytes.insert(alphabet.randomElement(using: &generator)!, at: place)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2 where place < bytes.count: bytes[place] = alphabet.randomElement(using: &generator)!
            default: break
            }
            lines[changed] = String(decoding: bytes, as: UTF8.self)
            let direct = try replies(lines, DirectUsersUnderTest(Self.users))
            let usual = try replies(lines, MemoryUsers(Self.users))
            #expect(direct.lines == usual.lines, "\(lines)")
            #expect(direct.log.map { $0.replacing("direct(", with: "memory(") } == usual.log, "\(lines)")
        }
    }

    @Test("A copy answers only for the reading that it is from")
    func otherReading() throws {
        let users = try DirectUsersUnderTest(Self.users)
        let connection = try ServedConnection.introduced([users])
        connection.send(.alice(1))
        #expect(users.asked == 0)
        users.change(toReading: 0)
        connection.send(.alice(2))
        #expect(users.asked == 1)
        users.change(toReading: 2)
        connection.send(.alice(3))
        #expect(users.asked == 1)
        #expect(connection.writes().flatMap(\.lines) == (1...3).map { "OK\t\($0)\tuser=alice" })
    }

    @Test(
        "Rules that look at logins have them go the usual way",
        arguments: [
            { @Sendable in $0.usernames = UsernamePolicy(translation: "xy") },
            { $0.usernames = UsernamePolicy(defaultRealm: "example.com") },
            { $0.usernames = UsernamePolicy(format: try VariableTemplate(parsing: "%n", syntax: .dovecot23)) },
            { $0.requiresClientCertificate = true },
            { $0.takesCertificateName = true },
            { $0.isDebug = true },
        ] as [@Sendable (inout AuthServerConfiguration) throws -> Void])
    func rules(_ change: @Sendable (inout AuthServerConfiguration) throws -> Void) throws {
        let users = try DirectUsersUnderTest(Self.users)
        let connection = try ServedConnection.introduced([users], change)
        let usual = try ServedConnection.introduced([MemoryUsers(Self.users)], change)
        for connection in [connection, usual] { connection.send(Self.line("\0alice\0secret") + "\n") }
        #expect(connection.writes() == usual.writes())
        #expect(connection.log.lines.map(\.text).map { $0.replacing("direct(", with: "memory(") } == usual.log.lines.map(\.text))
    }

    @Test("While another request of the connection is open, its id can't be taken twice")
    func openRequest() throws {
        let users = try DirectUsersUnderTest(Self.users)
        let connection = try ServedConnection.introduced([users])
        connection.send("AUTH\t1\tLOGIN\tservice=smtp\n" + .alice(1) + .alice(2))
        #expect(
            connection.writes().flatMap(\.lines) == [
                "CONT\t1\tVXNlcm5hbWU6", "FAIL\t1\treason=Authentication request ID is in use", "OK\t2\tuser=alice",
            ])
    }

    @Test("A thousand users are all told what is theirs, however many share a place")
    func manyUsers() throws {
        let many = Dictionary(uniqueKeysWithValues: (0..<1000).map { ("user\($0)", Self.users["alice"]!) })
        let users = try DirectUsersUnderTest(many)
        let connection = try ServedConnection.introduced([users])
        for round in 0..<2 {
            for number in 0..<1000 {
                connection.send(Self.line("\0user\(number)\0secret", id: "\(1 + round * 1000 + number)") + "\n")
            }
        }
        let expected = (0..<2000).map { "OK\t\($0 + 1)\tuser=user\($0 % 1000)" }
        #expect(connection.writes().flatMap(\.lines) == expected)
        #expect(users.asked == 0)
    }
}
