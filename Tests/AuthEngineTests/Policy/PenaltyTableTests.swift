import Testing

@testable import AuthEngine

@Suite("The penalty of addresses")
struct PenaltyTableTests {
    private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1_000_000_000)) }

    private func address(_ text: String) throws -> PenaltyAddress { try #require(PenaltyAddress(text)) }

    // auth-penalty.c of Dovecot 2.3.19: 48 bits of IPv6. It takes ::ffff:0:0/96 for one network of them.
    @Test("IPv4 addresses count alone, IPv6 addresses by their first 48 bits", arguments: [
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
        ("2001:db8:1:2::3", "2001:db8:1:ffff:1::", true), ("2001:db8:1::1", "2001:db8:2::1", false),
        ("::ffff:192.0.2.1", "192.0.2.1", true), ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false),
        ("fe80::1%eth0", "fe80::1", true), ("0.0.0.0", "::", false),
    ])
    func prefixes(first: String, second: String, isSame: Bool) throws {
        #expect(try (address(first) == address(second)) == isSame)
    }

    @Test("What is no address has no count", arguments: ["", "?", "1.2.3", "1.2.3.4.5", "mail.test", "::1::", "%eth0"])
    func noAddress(text: String) {
        #expect(PenaltyAddress(text) == nil)
    }

    // Recorded from Dovecot 2.3.19.1 (reference, section (h)): wrong passwords one after the other were answered after
    // 2, 6, 10, 17 and 17 s, then the right one after 15 s, and the next at once. 2 s of the failures are their delay.
    @Test("Without a limit the steps are Dovecot's")
    func steps() throws {
        let (table, home) = (PenaltyTable(), try address("192.0.2.1"))
        var now = at(100)
        var waits: [Double] = []
        for guess in 0..<5 {
            let admission = try #require(table.admit(home, limit: .seconds(60), at: now))
            waits.append(Double(admission.notBefore.nanoseconds - now.nanoseconds) / 1e9)
            table.failed(
                home, guess: UInt32(guess), since: admission.points, decidedAt: admission.notBefore, now: now)
            now = admission.notBefore + .seconds(2)
        }
        #expect(waits == [0, 4, 8, 15, 15])
        let right = try #require(table.admit(home, limit: .seconds(60), at: now))
        #expect(right.notBefore == now + .seconds(15))
        table.succeeded(home, at: now)
        #expect(table.admit(home, limit: .seconds(60), at: now)?.notBefore == now)
    }

    // The same recording: the same wrong password three times was answered after 2, 6 and 6 s.
    @Test("The same password again counts once")
    func sameGuess() throws {
        let (table, home) = (PenaltyTable(), try address("192.0.2.1"))
        var now = at(100)
        var waits: [Double] = []
        for _ in 0..<4 {
            let admission = try #require(table.admit(home, limit: .seconds(60), at: now))
            waits.append(Double(admission.notBefore.nanoseconds - now.nanoseconds) / 1e9)
            table.failed(home, guess: 1, since: admission.points, decidedAt: admission.notBefore, now: now)
            now = admission.notBefore + .seconds(2)
        }
        #expect(waits == [0, 4, 4, 4])
    }

    @Test("Of the guesses the last ten are known")
    func tenGuesses() throws {
        let (table, home) = (PenaltyTable(), try address("192.0.2.1"))
        for guess in 1...11 as ClosedRange<UInt32> {
            table.failed(home, guess: guess, since: 0, decidedAt: at(100), now: at(100))
        }
        table.succeeded(home, at: at(100))
        table.failed(home, guess: 2, since: 0, decidedAt: at(100), now: at(100))
        #expect(table.points(home, at: at(100)) == 0)
        table.failed(home, guess: 1, since: 0, decidedAt: at(100), now: at(100))
        #expect(table.points(home, at: at(100)) == 1)
    }

    @Test("Without a password to compare, every failure counts")
    func unknownGuesses() throws {
        let (table, home) = (PenaltyTable(), try address("192.0.2.1"))
        for _ in 0..<3 { table.failed(home, guess: nil, since: 0, decidedAt: at(100), now: at(100)) }
        #expect(table.points(home, at: at(100)) == 3)
    }

    // The same recording: 15 quiet seconds clear all, and fewer nothing.
    @Test("Fifteen quiet seconds clear the penalty")
    func quiet() throws {
        let (table, home) = (PenaltyTable(), try address("192.0.2.1"))
        for guess in 0..<4 as Range<UInt32> { table.failed(home, guess: guess, since: 0, decidedAt: at(100), now: at(100)) }
        #expect(table.points(home, at: at(114.9)) == 4)
        #expect(table.points(home, at: at(115)) == 0)
    }

    @Test("Parallel logins don't escape it: those that can't be told in time are refused", arguments: [(1, 8), (2, 4), (3, 2), (4, 2)])
    func parallel(points: Int, allowed: Int) throws {
        let (table, home) = (PenaltyTable(), try address("192.0.2.1"))
        for guess in 0..<UInt32(points) { table.failed(home, guess: guess, since: 0, decidedAt: at(100), now: at(100)) }
        let admissions = (0..<20).map { _ in table.admit(home, limit: .seconds(5.5), at: at(100)) }
        #expect(admissions.count { $0 != nil } == allowed)
        // Others have nothing to do with it.
        #expect(table.admit(try address("192.0.2.2"), limit: .seconds(5), at: at(100))?.notBefore == at(100))
        // When those have been told, others may.
        #expect(table.admit(home, limit: .seconds(5.5), at: at(105.5)) != nil)
    }

    @Test("An address is forgotten after a minute at the latest, and its guesses after 29 seconds")
    func expiry() throws {
        let (table, home) = (PenaltyTable(), try address("192.0.2.1"))
        table.failed(home, guess: 1, since: 0, decidedAt: at(100), now: at(100))
        table.failed(home, guess: 1, since: 0, decidedAt: at(128), now: at(128))
        #expect(table.points(home, at: at(128)) == 0)
        table.failed(home, guess: 1, since: 0, decidedAt: at(157), now: at(157))
        #expect(table.points(home, at: at(157)) == 1)
        for seconds in [187.0, 217] { _ = table.points(try address("192.0.2.2"), at: at(seconds)) }
        #expect(table.isEmpty)
    }

    @Test("An address is known from its first failure until it is forgotten, forgiven or not")
    func known() throws {
        let (table, home) = (PenaltyTable(), try address("192.0.2.1"))
        let neighbour = try address("192.0.2.2")
        #expect(!table.knows(home, at: at(100)))
        table.failed(home, guess: 1, since: 0, decidedAt: at(100), now: at(100))
        #expect(table.knows(home, at: at(100)))
        #expect(!table.knows(neighbour, at: at(100)))
        // Its guesses are still remembered.
        table.succeeded(home, at: at(101))
        #expect(table.knows(home, at: at(101)))
        #expect(table.addressCount == 1)
    }

    // Else a server whose logins are all direct would look for addresses for ever.
    @Test("Addresses are forgotten in time, even if nobody does more than ask whether one is known")
    func knownAndForgotten() throws {
        let (table, home) = (PenaltyTable(), try address("192.0.2.1"))
        table.failed(home, guess: 1, since: 0, decidedAt: at(100), now: at(100))
        for seconds in [128.0, 129, 158] { _ = table.knows(try address("192.0.2.2"), at: at(seconds)) }
        #expect(table.isEmpty)
        #expect(!table.knows(home, at: at(159)))
    }

    @Test("However many addresses fail, memory has an end, and those that failed last are known")
    func bounded() throws {
        let table = PenaltyTable(capacity: 1000)
        for number in 0..<100_000 {
            let address = try address("10.\(number >> 16).\(number >> 8 & 255).\(number & 255)")
            table.failed(address, guess: nil, since: 0, decidedAt: at(100), now: at(100))
        }
        #expect(table.addressCount <= 1000)
        #expect(table.points(try address("10.1.134.159"), at: at(100)) == 1)
    }
}
