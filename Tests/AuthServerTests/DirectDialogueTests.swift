import AuthDatabases
import SASLMechanisms
import TestSupport
import Testing

@testable import AuthEngine
@testable import AuthServer

/// A login of several messages goes on without its machine until something special is said; nobody may see a difference.
@Suite("Direct logins of several messages")
struct DirectDialogueTests {
    /// What may happen to a connection.
    private enum Event {
        case bytes(String)
        case time(Duration)
        case drain, endOfInput, hangUp
        /// Somebody else guesses from this address.
        case guess(String)
    }

    /// All that can be seen of a connection: what is said and when, the log, and what is known of addresses afterwards.
    private struct Outcome: Equatable {
        var replies: [[String]] = []
        var log: [String] = []
        var isOpen: [Bool] = []
        var isReading: [Bool] = []
        var points: [Int] = []
    }

    private static let addresses = ["192.0.2.1", "192.0.2.2", "2001:db8::"]

    private func outcome(
        _ events: [Event], _ database: any PasswordDatabase, minorVersion: Int = 2,
        _ change: (inout AuthServerConfiguration) throws -> Void = { _ in }
    ) throws -> Outcome {
        let penalties = PenaltyTable()
        var now = Instant(nanoseconds: 1_000_000_000)
        let connection = try ServedConnection.introduced(
            [database], minorVersion: minorVersion, penalties: penalties, change)
        var outcome = Outcome()
        func look() {
            outcome.replies.append(connection.writes().flatMap(\.lines))
            outcome.isOpen.append(connection.isOpen)
            outcome.isReading.append(connection.isOpen && connection.isReading)
        }
        for (number, event) in events.enumerated() {
            guard connection.isOpen else { break }
            switch event {
            case .bytes(let bytes): connection.send(bytes)
            case .time(let time):
                connection.pass(time)
                now = now + time
            case .drain: connection.drain()
            case .endOfInput: connection.endInput()
            case .hangUp: connection.hangUp()
            case .guess(let address):
                penalties.failed(
                    try #require(PenaltyAddress(address)), guess: UInt32(number), since: 0, decidedAt: now, now: now)
            }
            look()
        }
        for _ in 0..<20 where connection.isOpen {
            connection.pass(.seconds(1))
            look()
        }
        outcome.log = connection.log.lines.map { $0.text.replacing("direct(", with: "memory(") }
        for address in Self.addresses {
            outcome.points.append(penalties.points(try #require(PenaltyAddress(address)), at: now + .seconds(20)))
        }
        return outcome
    }

    private static func begin(_ id: Int = 1, _ parameters: String = "service=smtp\tsecured\trip=192.0.2.1") -> String {
        "AUTH\t\(id)\tLOGIN\t\(parameters)\n"
    }

    private static func goOn(_ text: String, _ id: Int = 1) -> String {
        "CONT\t\(id)\t\(DirectLoginTests.encoded(text))\n"
    }

    // MARK: What is direct

    @Test(
        "The machine hears nothing of a login that brings several messages, whatever else is offered",
        arguments: [
            ([LoginServerMechanism.offer], [begin(), goOn("alice"), goOn("secret")]),
            ([PlainServerMechanism.offer, LoginServerMechanism.offer], [begin(), goOn("alice"), goOn("secret")]),
            ([PlainServerMechanism.offer], ["AUTH\t1\tPLAIN\tservice=smtp\tsecured\n", goOn("alice\0alice\0secret")]),
        ])
    func direct(_ mechanisms: [OfferedMechanism], _ lines: [String]) throws {
        let users = try DirectUsersUnderTest(DirectLoginTests.users)
        var configuration = AuthServerConfiguration(databases: [users])
        configuration.mechanisms = MechanismRegistry(mechanisms)
        let settings = SharedConnectionSettings(configuration.connectionSettings(.automatic, penalties: nil))
        var machine = ConnectionMachine(settings: settings, at: Instant(nanoseconds: 0))
        for line in ["VERSION\t1\t2", "CPID\t4711"] {
            _ = machine.received(line.utf8.span, at: Instant(nanoseconds: 0))
        }
        let names = try #require(settings.directNames)
        var logins = DirectLogins()
        var output: [UInt8] = []
        for line in lines {
            let isAnswered = logins.answer(
                line.dropLast().utf8.span, names, users, of: &machine, at: Instant(nanoseconds: 1), into: &output)
            #expect(isAnswered)
            #expect(machine.requests.isEmpty)
            #expect(machine.openRequests == (line == lines.last ? 0 : 1))
        }
        // As Dovecot 2.3.19.1 asks, and answers.
        let prompts = lines.count == 2 ? "CONT\t1\t\n" : "CONT\t1\tVXNlcm5hbWU6\nCONT\t1\tUGFzc3dvcmQ6\n"
        #expect(String(decoding: output, as: UTF8.self) == prompts + "OK\t1\tuser=alice\n")
        #expect(machine.nextDeadline == nil)
        #expect(users.asked == 0)
    }

    /// Refuses everybody, whatever is said.
    private struct Refusing: ~Copyable, ServerMechanism {
        mutating func step(_ input: consuming MechanismInput) -> MechanismStep { .fail(.invalidInput) }
    }

    @Test("A mechanism of an embedder's own is asked, even if its name is that of one of ours", arguments: ["PLAIN", "LOGIN"])
    func ownMechanism(_ name: String) throws {
        let users = try DirectUsersUnderTest(DirectLoginTests.users)
        let connection = try ServedConnection.introduced([users]) { configuration in
            configuration.mechanisms = MechanismRegistry([
                OfferedMechanism(name: name, properties: .plaintext, needs: .verification) { _ in Refusing() },
                PlainServerMechanism.offer, LoginServerMechanism.offer,
            ])
        }
        let line = name == "PLAIN" ? DirectLoginTests.line("\0alice\0secret") + "\n" : Self.begin()
        connection.send(line)
        connection.pass(.seconds(3))
        #expect(connection.writes().flatMap(\.lines) == ["FAIL\t1"])
    }

    // MARK: What is not

    @Test(
        "What comes in between is answered, logged and counted as if there were no direct logins",
        arguments: [
            // Given up, at either question.
            [.bytes(begin()), .time(.seconds(149)), .time(.seconds(2)), .bytes(goOn("alice"))],
            [.bytes(begin()), .time(.seconds(100)), .bytes(goOn("alice")), .time(.seconds(149)), .bytes(goOn("secret"))],
            [.bytes(begin() + goOn("alice")), .time(.seconds(151)), .bytes(goOn("secret"))],
            // The server ends, or the client does.
            [.bytes(begin()), .drain, .bytes(goOn("alice")), .bytes(goOn("secret"))],
            [.bytes(begin() + goOn("alice")), .drain, .time(.seconds(151))],
            [.bytes(begin() + goOn("alice")), .endOfInput],
            [.bytes(begin()), .hangUp],
            // Other requests beside it, with its own id and with others.
            [.bytes(begin()), .bytes(begin()), .bytes(goOn("alice"))],
            [.bytes(begin() + goOn("alice") + begin()), .bytes(goOn("secret"))],
            [.bytes(begin() + .alice(2) + goOn("alice") + .alice(1) + goOn("secret"))],
            [.bytes(begin(1) + begin(2) + goOn("alice", 2) + goOn("bob", 1) + goOn("secret", 1) + goOn("secret", 2))],
            [.bytes(begin() + goOn("alice", 2) + goOn("alice") + goOn("secret", 3) + goOn("secret"))],
            [.bytes(begin() + goOn("alice") + "CANCEL\t1\n" + goOn("secret"))],
            [.bytes(begin() + "CANCEL\t2\n" + goOn("alice") + "VERSION\t1\t2\n" + goOn("secret"))],
            [.bytes(begin() + goOn("alice") + "NONSENSE\n")],
            [.bytes(begin() + goOn("alice") + String(repeating: "x", count: 9000) + "\n")],
            // Penalties that come at either question.
            [.guess("192.0.2.1"), .bytes(begin() + goOn("alice") + goOn("secret"))],
            [.bytes(begin()), .guess("192.0.2.1"), .bytes(goOn("alice")), .bytes(goOn("secret"))],
            [.bytes(begin() + goOn("alice")), .guess("192.0.2.1"), .bytes(goOn("secret"))],
            [.guess("192.0.2.2"), .bytes(begin() + goOn("alice")), .guess("192.0.2.1"), .bytes(goOn("secret"))],
            [
                .guess("192.0.2.2"), .bytes(begin() + goOn("alice")), .guess("192.0.2.1"), .guess("192.0.2.1"),
                .bytes(goOn("secret")),
            ],
            [.guess("192.0.2.2"), .bytes(begin() + goOn("alice")), .guess("192.0.2.1"), .bytes(goOn("wrong"))],
            [.guess("192.0.2.1"), .bytes(begin(1, "service=smtp\trip=192.0.2.1\r") + goOn("alice") + goOn("secret"))],
            [.bytes("AUTH\t1\tPLAIN\tservice=smtp\trip=192.0.2.1\n"), .guess("192.0.2.1"), .bytes(goOn("\0alice\0secret"))],
            [.bytes("AUTH\t1\tPLAIN\tservice=smtp\n"), .time(.seconds(151)), .bytes(goOn("\0alice\0secret"))],
        ] as [[Event]])
    private func inBetween(_ events: [Event]) throws {
        let direct = try outcome(events, DirectUsersUnderTest(DirectLoginTests.users))
        #expect(try direct == outcome(events, MemoryUsers(DirectLoginTests.users)))
    }

    @Test("Conversations that chance has made are answered, logged and counted as if there were no direct logins")
    func random() throws {
        var generator = SeededGenerator(seed: 20_261_127)
        let parameters = [
            "service=smtp", "service=smtp\trip=192.0.2.1", "service=smtp\trip=192.0.2.2\tsecured",
            "protocol=smtp\trip=2001:db8::1\tno-penalty", "service=smtp\tdebug", "service=smtp\trip=192.0.2.1\tforward_fields=YT1i",
            "service=smtp\trip=192.0.2.1\r", "rip=192.0.2.1", "service=smtp\tresp=YWxpY2U=", "service=smtp\tresp=",
        ]
        let messages = ["alice", "alice", "bob", "secret", "secret", "secret", "wrong", "nobody", "", "al\0ice", "Alice",
            "\0alice\0secret", "\0bob\0wrong", "carol\0alice\0secret",
        ]
        func event() -> Event {
            let id = Int.random(in: 0...9, using: &generator) < 8 ? 1 : 2
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<30: return .bytes(Self.begin(id, parameters.randomElement(using: &generator)!))
            case 30..<75: return .bytes(Self.goOn(messages.randomElement(using: &generator)!, id))
            case 75..<78: return .bytes("CANCEL\t\(id)\n")
            case 78..<81: return .bytes(.alice(id))
            case 81..<83: return .bytes(Self.begin(id, parameters.randomElement(using: &generator)!).replacing("LOGIN", with: "PLAIN"))
            case 83..<85: return .bytes("CONT\t\(id)\tc2Vj\tcmV0\n")
            case 85..<86: return .bytes("CONT\t01\tYWxpY2U=\n")
            case 86..<88: return .time(.milliseconds(500))
            case 88..<90: return .time(.seconds(20))
            case 90..<92: return .time(.seconds(140))
            case 92..<97: return .guess(Self.addresses.randomElement(using: &generator)!)
            case 97: return .drain
            case 98: return .endOfInput
            default: return .bytes("AUTH\t1")
            }
        }
        var logins = 0
        for _ in 0..<3000 {
            var events: [Event] = []
            for _ in 0..<Int.random(in: 3...9, using: &generator) {
                let next = event()
                // Sometimes with what came before, in one read.
                if case .bytes(let more) = next, case .bytes(let before)? = events.last,
                    Bool.random(using: &generator)
                {
                    events[events.count - 1] = .bytes(before + more)
                } else {
                    events.append(next)
                }
            }
            let minorVersion = Int.random(in: 1...3, using: &generator)
            let direct = try outcome(events, DirectUsersUnderTest(DirectLoginTests.users), minorVersion: minorVersion)
            let usual = try outcome(events, MemoryUsers(DirectLoginTests.users), minorVersion: minorVersion)
            #expect(direct == usual, "\(events)")
            logins += direct.replies.joined().count { $0.hasPrefix("OK\t") }
        }
        // Else nothing was compared.
        #expect(logins > 300)
    }
}
