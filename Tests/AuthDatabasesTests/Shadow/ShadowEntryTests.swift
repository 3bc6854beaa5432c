import PasswordSchemes
import Testing

@testable import AuthDatabases

@Suite("Lines of /etc/shadow (shadow(5))")
struct ShadowEntryTests {
    /// `openssl passwd -6 -salt saltsalt secret`
    static let hash =
        "$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1"

    enum Answer: Equatable {
        case found, disabled, expired, unusable, other
    }

    private func answer(_ password: String, _ entry: ShadowEntry, on day: Int?, decoy: StoredPassword? = nil) -> Answer {
        let lookup = entry.lookup(
            password: Array(password.utf8).span, today: day, defaultScheme: .crypt, decoy: decoy)
        switch lookup {
        case .found(let entry): return entry.password.cost == .costly ? .found : .other
        case .refused(.disabled, _, _): return .disabled
        case .refused(.expired, _, _): return .expired
        case .unusable: return .unusable
        case .unknownUser, .failed: return .other
        }
    }

    @Test(
        "A password field that is no hash lets nobody in: empty, no login, locked, and locked with the hash kept",
        arguments: ["", "*", "!", "!!", "!*", "*LK*", "!" + hash, "!!" + hash, "*" + hash])
    func locked(field: String) {
        #expect(answer(field, ShadowEntry(), on: 20_000) == .disabled)
    }

    @Test("A hash without any dates lets in, on whatever day", arguments: [0, 1, 20_000, 1_000_000])
    func noDates(day: Int) {
        #expect(answer(Self.hash, ShadowEntry(), on: day) == .found)
    }

    @Test(
        "Only who knows the hash behind a lock's mark can be told of the lock",
        arguments: [("!" + hash, true), ("!!" + hash, true), ("!", false), ("*", false), ("!*", false), ("", false)])
    func lockedPassword(field: String, isKnown: Bool) {
        let lookup = ShadowEntry().lookup(
            password: Array(field.utf8).span, today: 20_000, defaultScheme: .crypt, decoy: nil)
        guard case .refused(.disabled, let password, _) = lookup else {
            Issue.record("\(lookup)")
            return
        }
        #expect((password != nil) == isKnown)
    }

    @Test("From the day of sp_expire on the account has expired", arguments: [
        (19_999, .expired), (20_000, .expired), (20_001, .found), (nil, .found),
    ] as [(Int?, Answer)])
    func account(expires: Int?, expected: Answer) {
        #expect(answer(Self.hash, ShadowEntry(expires: expires), on: 20_000) == expected)
    }

    /// Last change, maximum, inactive; the day is 20000.
    static let passwords: [(Int?, Int?, Int?, Answer)] = [
        // As useradd makes them, and with every field empty but the first.
        (19_000, 99_999, nil, .found), (19_000, nil, nil, .found),
        // The last day on which the password is good, with the warning period behind it, and the one after.
        (19_990, 10, nil, .found), (19_990, 9, nil, .expired),
        // In the days of sp_inact it could still be changed, which a mail program can't do.
        (19_990, 9, 30, .expired), (19_990, 10, 0, .found), (19_990, 5, 4, .expired),
        // 0 says that it has to be changed at the next login, however long it would be good.
        (0, nil, nil, .expired), (0, 99_999, nil, .expired),
        // Without the day of the last change ageing is off.
        (nil, 0, nil, .found), (nil, 10, 10, .found),
        // A clock that was wrong.
        (20_001, 10, nil, .found), (20_001, 0, nil, .found),
        // Name services may say anything.
        (1, .max, nil, .found), (.max, .max, nil, .found), (.max, 0, .max, .found), (1, .max - 1, .max, .found),
    ]

    @Test("A password is good for sp_max days after its last change", arguments: passwords)
    func ageing(lastChange: Int?, maximum: Int?, inactive: Int?, expected: Answer) {
        let entry = ShadowEntry(lastChange: lastChange, maximumAge: maximum, inactive: inactive)
        #expect(answer(Self.hash, entry, on: 20_000) == expected)
    }

    @Test("An expired account stays expired if its password is good, and a locked one counts as locked")
    func order() {
        #expect(answer(Self.hash, ShadowEntry(lastChange: 19_999, maximumAge: 10, expires: 1), on: 20_000) == .expired)
        #expect(answer("!" + Self.hash, ShadowEntry(lastChange: 0, expires: 1), on: 20_000) == .disabled)
    }

    @Test("Where the dates don't count, only the password field does, as in Dovecot")
    func ignoredDates() {
        #expect(answer(Self.hash, ShadowEntry(lastChange: 1, maximumAge: 10, expires: 1), on: nil) == .found)
        #expect(answer(Self.hash, ShadowEntry(lastChange: 0), on: nil) == .found)
        #expect(answer("!" + Self.hash, ShadowEntry(expires: 1), on: nil) == .disabled)
    }

    @Test("What libxcrypt doesn't know is an error for the admin", arguments: ["{NOSUCH}x", "$zz$unknown$"])
    func unusable(field: String) {
        #expect(answer(field, ShadowEntry(), on: 20_000) == .unusable)
    }

    @Test("Who is refused costs the decoy's hash", arguments: [("!", nil), (hash, 1), ("{NOSUCH}x", nil)] as [(String, Int?)])
    func decoy(field: String, expires: Int?) throws {
        let decoy = try StoredPassword(parsing: Array(Self.hash.utf8).span, defaultScheme: .crypt)
        let lookup = ShadowEntry(expires: expires).lookup(
            password: Array(field.utf8).span, today: 20_000, defaultScheme: .crypt, decoy: decoy)
        switch lookup {
        case .refused(_, _, let decoy), .unusable(_, _, _, let decoy): #expect(decoy?.cost == .costly)
        case .found, .unknownUser, .failed: Issue.record("\(lookup)")
        }
    }
}
