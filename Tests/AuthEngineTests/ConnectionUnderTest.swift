import AuthDatabases
import AuthEngine
import DovecotAuthProtocol
import SASLMechanisms
import Secrets
import TestSupport

/// A connection machine with a clock of its own, driven by text.
struct ConnectionUnderTest: ~Copyable {
    var machine: ConnectionMachine
    var now: Instant

    init(minorVersion: UInt32? = 2, mechanisms: [String] = ["PLAIN", "LOGIN"], seat: LoginSeat? = nil, _ change: (inout ConnectionSettings) -> Void = { _ in }) throws {
        var settings = ConnectionSettings(
            mechanisms: try MechanismRegistry(names: mechanisms), usernames: UsernamePolicy()
        ) {
            var generator = SeededGenerator(seed: 1)
            return ExchangeContext(
                randomness: ExchangeRandomness(using: &generator), unixTime: 1_700_000_000, hostName: "mail.test",
                decoys: DecoySecret(using: &generator))
        }
        settings.isVerbose = true
        // So that failures come at the tick itself, and temporary ones at once; what is about either says otherwise.
        settings.chance = { 0 }
        settings.internalFailureDelay = .zero
        change(&settings)
        now = Instant(nanoseconds: 1_000_000_000)
        machine = ConnectionMachine(settings: SharedConnectionSettings(settings), seat: seat, at: now)
        if let minorVersion {
            _ = send("VERSION\t1\t\(minorVersion)")
            _ = send("CPID\t123")
        }
    }

    mutating func send(_ line: String) -> ConnectionAction {
        machine.received(Array(line.utf8).span, at: now)
    }

    mutating func answer(_ action: ConnectionAction, _ outcome: LoginVerdict.Outcome) -> ConnectionAction {
        answer(action, LoginVerdict(outcome))
    }

    mutating func answer(_ action: ConnectionAction, _ verdict: LoginVerdict) -> ConnectionAction {
        guard case .check(let ticket) = action else { return .nothing }
        _ = machine.takeCheck()
        return machine.checked(ticket, verdict, at: now)
    }

    /// Says what the databases have stored.
    mutating func answer(_ action: ConnectionAction, _ credential: StoredCredential) -> ConnectionAction {
        guard case .check(let ticket) = action else { return .nothing }
        _ = machine.takeCheck()
        return machine.checked(
            ticket, LoginVerdict(.success(user: "alice"), credential: credential), at: now)
    }

    mutating func pass(_ duration: Duration) -> [ConnectionAction] {
        now = now + duration
        var actions: [ConnectionAction] = []
        while let action = machine.deadlinePassed(at: now) { actions.append(action) }
        return actions
    }

    mutating func log() -> [LogLine] { machine.takeLog() }
}

extension String {
    /// As `resp=` and CONT carry it; `printf '\0alice\0secret' | base64`.
    static let alicePlain = "AGFsaWNlAHNlY3JldA=="
}

extension LoginVerdict.Outcome {
    static let wrongPassword = LoginVerdict.Outcome.failure(code: nil, reason: nil)
}
