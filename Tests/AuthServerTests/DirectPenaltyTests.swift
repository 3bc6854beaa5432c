import AuthDatabases
import TestSupport
import Testing

@testable import AuthEngine
@testable import AuthServer

/// While somebody guesses, logins from elsewhere are still answered straight away, and those from there wait as ever.
@Suite("Direct logins while addresses have a penalty")
struct DirectPenaltyTests {
    /// When the connections' clock begins.
    private static let start = Instant(nanoseconds: 1_000_000_000)
    /// From where logins failed, and how many.
    private static let guessers = [("192.0.2.1", 1), ("192.0.2.7", 4), ("2001:db8:1::1", 2)]

    private static func penalties(_ guessers: [(String, Int)] = guessers) throws -> PenaltyTable {
        let table = PenaltyTable()
        for (text, count) in guessers {
            let address = try #require(PenaltyAddress(text))
            for guess in 0..<UInt32(count) {
                table.failed(address, guess: guess, since: 0, decidedAt: start, now: start)
            }
        }
        return table
    }

    private static func login(_ parameters: String, id: Int = 1, password: String = "secret") -> String {
        DirectLoginTests.line("\0alice\0\(password)", id: "\(id)", parameters: "service=smtp\(parameters)")
    }

    /// Whether a connection's first login would be answered without its machine, with which nobody would see a difference.
    private func isDirect(_ line: String, _ penalties: PenaltyTable) throws -> Bool {
        let users = try DirectUsersUnderTest(DirectLoginTests.users)
        let configuration = AuthServerConfiguration(databases: [users])
        let settings = SharedConnectionSettings(configuration.connectionSettings(.automatic, penalties: penalties))
        var machine = ConnectionMachine(settings: settings, at: Self.start)
        for line in ["VERSION\t1\t2", "CPID\t4711"] { _ = machine.received(line.utf8.span, at: Self.start) }
        guard machine.allowsDirectLogins(), let names = settings.directNames else { return false }
        var logins = DirectLogins()
        var output: [UInt8] = []
        return logins.answer(line.utf8.span, names, users, of: &machine, at: Self.start, into: &output)
    }

    @Test(
        "A login whose address has no penalty, or that has no address, is answered straight away while others have one",
        arguments: [
            "\trip=192.0.2.2", "\trip=192.0.2.10", "\trip=2001:db8:2::1", "", "\trip=", "\trip", "\trip=x", "\trip=unknown",
            "\trip=192.0.2.1.1", "\trip=192.0.2.1 ", "\trip=\u{1}t192.0.2.1", "\treal_rip=192.0.2.1", "\tlip=192.0.2.1",
            "\trip=" + String(repeating: "1", count: 65), "\tno-penalty", "\tno-penalty\trip=192.0.2.2",
        ])
    func elsewhere(_ parameters: String) throws {
        let users = try DirectUsersUnderTest(DirectLoginTests.users)
        let connection = try ServedConnection.introduced([users], penalties: Self.penalties())
        connection.send(Self.login(parameters) + "\n")
        #expect(connection.writes().flatMap(\.lines) == ["OK\t1\tuser=alice"])
        #expect(try isDirect(Self.login(parameters), Self.penalties()))
    }

    @Test(
        "A login from an address with a penalty waits, however the address is spelled and wherever it stands",
        arguments: [
            "\trip=192.0.2.1", "\trip=::ffff:192.0.2.1", "\trip=::FFFF:C000:0201", "\trip=2001:db8:1:2:3:4:5:6",
            "\trip=2001:DB8:1::%eth0", "\trip=192.0.2.9\trip=192.0.2.1", "\trip=192.0.2.1\trip=", "\trip=192.0.2.1\trip=x",
            "\trip=\trip=192.0.2.1", "\trip=192.0.2.1\tno-penaltyx", "\trip=192.0.2.1\tlip=192.0.2.9\tnologin",
        ])
    func penalised(_ parameters: String) throws {
        let users = try DirectUsersUnderTest(DirectLoginTests.users)
        let connection = try ServedConnection.introduced([users], penalties: Self.penalties())
        connection.send(Self.login(parameters) + "\n")
        #expect(connection.writes().isEmpty)
        connection.pass(.seconds(3.5))
        #expect(connection.writes().isEmpty)
        connection.pass(.seconds(5))
        #expect(connection.writes().flatMap(\.lines) == ["OK\t1\tuser=alice"])
        #expect(try !isDirect(Self.login(parameters), Self.penalties()))
    }

    @Test("As long as no address has a penalty, every login is answered straight away")
    func none() throws {
        #expect(try isDirect(Self.login("\trip=192.0.2.1"), PenaltyTable()))
    }

    @Test("A wrong password on one connection makes the right one wait on all others, until that ends it")
    func shared() throws {
        let users = try DirectUsersUnderTest(DirectLoginTests.users)
        let table = PenaltyTable()
        let guesser = try ServedConnection.introduced([users], penalties: table)
        let other = try ServedConnection.introduced([users], penalties: table)
        guesser.send(Self.login("\trip=192.0.2.1", password: "wrong") + "\n")
        other.send(Self.login("\trip=192.0.2.2", id: 1) + "\n" + Self.login("\trip=192.0.2.1", id: 2) + "\n")
        #expect(other.writes().flatMap(\.lines) == ["OK\t1\tuser=alice"])
        other.pass(.seconds(4))
        #expect(other.writes().flatMap(\.lines) == ["OK\t2\tuser=alice"])
        other.send(Self.login("\trip=192.0.2.1", id: 3) + "\n")
        #expect(other.writes().flatMap(\.lines) == ["OK\t3\tuser=alice"])
        let home = try #require(PenaltyAddress("192.0.2.1"))
        #expect(table.points(home, at: Self.start + .seconds(4)) == 0)
    }

    /// All that can be seen of a login: what is said and when, the log, and what is known of addresses afterwards.
    private struct Outcome: Equatable {
        var replies: [[String]] = []
        var log: [String] = []
        var isOpen = true
        var points: [Int] = []
        var addressCount = 0
    }

    private func outcome(_ lines: [String], _ database: any PasswordDatabase) throws -> Outcome {
        let table = try Self.penalties()
        let connection = try ServedConnection.introduced([database], penalties: table)
        var outcome = Outcome()
        for line in lines {
            if connection.isOpen { connection.send(line + "\n") }
            outcome.replies.append(connection.writes().flatMap(\.lines))
        }
        for _ in 0..<18 {
            connection.pass(.milliseconds(500))
            outcome.replies.append(connection.writes().flatMap(\.lines))
        }
        outcome.log = connection.log.lines.map { $0.text.replacing("direct(", with: "memory(") }
        outcome.isOpen = connection.isOpen
        for text in ["192.0.2.1", "192.0.2.2", "192.0.2.7", "192.0.2.0", "2001:db8:1::", "2001:db8:2::"] {
            outcome.points.append(table.points(try #require(PenaltyAddress(text)), at: Self.start + .seconds(9)))
        }
        outcome.addressCount = table.addressCount
        return outcome
    }

    @Test("Lines that chance has made are told, logged and counted as if there were no direct logins")
    func mutations() throws {
        var generator = SeededGenerator(seed: 20_261_126)
        let fields = [
            "rip=192.0.2.1", "rip=192.0.2.2", "rip=192.0.2.7", "rip=::ffff:192.0.2.1", "rip=2001:db8:1::5",
            "rip=2001:db8:2::5", "rip=", "rip", "rip=x", "real_rip=192.0.2.1", "lip=192.0.2.1", "no-penalty", "no-penalty=x",
            "nologin", "secured", "debug", "session=rip=192.0.2.1", "", "resp=", "service=imap",
        ]
        let alphabet = Array("\t\u{1}=\0aripRIP.:%012789fF ".utf8)
        var direct = 0
        for _ in 0..<1500 {
            var lines: [String] = []
            for id in 1...Int.random(in: 1...3, using: &generator) {
                var parameters = ""
                for _ in 0..<Int.random(in: 0...3, using: &generator) {
                    parameters += "\t" + fields.randomElement(using: &generator)!
                }
                let isRight = Int.random(in: 0...4, using: &generator) > 0
                var bytes = Array(Self.login(parameters, id: id, password: isRight ? "secret" : "wrong").utf8)
                for _ in 0..<Int.random(in: 0...2, using: &generator) {
                    // Among the parameters.
                    let place = Int.random(in: 12...min(bytes.count - 1, 25 + parameters.utf8.count), using: &generator)
                    switch Int.random(in: 0...2, using: &generator) {
                    case 0: bytes.insert(alphabet.randomElement(using: &generator)!, at: place)
                    case 1: bytes.remove(at: place)
                    default: bytes[place] = alphabet.randomElement(using: &generator)!
                    }
                }
                lines.append(String(decoding: bytes, as: UTF8.self))
            }
            let outcome = try outcome(lines, DirectUsersUnderTest(DirectLoginTests.users))
            #expect(try outcome == self.outcome(lines, MemoryUsers(DirectLoginTests.users)), "\(lines)")
            if try isDirect(lines[0], Self.penalties()) { direct += 1 }
        }
        // Else nothing was compared.
        #expect(direct > 200)
    }
}
