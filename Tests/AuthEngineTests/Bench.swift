import AuthDatabases
import DovecotAuthProtocol
import PasswordSchemes
import SASLMechanisms
import Secrets
import Synchronization
import TestSupport

@testable import AuthEngine

/// An authenticator with a pool of one thread, a clock that stands, and lookups that run.
final class Bench: Sendable {
    static let now = Instant(nanoseconds: 1_000)

    private let authenticator: Authenticator
    private let pool: VerificationPool
    private let clockReadings: Counter
    private let lookupTask: Task<Void, Never>

    init(
        _ databases: [any PasswordDatabase], maximumPending: Int = 100, loginCache: LoginCache? = nil,
        isVerbose: Bool = true, passwordLogging: PasswordLogging = PasswordLogging()
    ) {
        let clockReadings = Counter()
        self.clockReadings = clockReadings
        // The pool looks at its clock once for every piece of work.
        pool = VerificationPool(threads: 1, maximumPending: maximumPending) {
            clockReadings.add()
            return Self.now
        }
        let lookups = BackgroundLookups()
        var generator = SeededGenerator(seed: 1)
        authenticator = Authenticator(
            chain: PasswordDatabaseChain(databases), tokenValidator: nil, decoys: DecoySecret(using: &generator),
            pool: pool, lookups: lookups, loginCache: loginCache, isVerbose: isVerbose,
            passwordLogging: passwordLogging)
        lookupTask = Task { await lookups.run() }
    }

    /// How many hashes the pool was given.
    var verifications: Int { clockReadings.count }

    func decide(
        _ password: String, loginUser: String? = nil, deadline: Instant = now + .seconds(8)
    ) -> Authenticator.Decision {
        var query = UserQuery(user: "alice")
        query.mechanism = "PLAIN"
        query.loginUser = loginUser
        let request = AuthenticationRequest(id: 1, mechanism: "PLAIN", service: "smtp")
        return authenticator.decide(
            LoginCheck(
                ticket: CheckTicket(id: 1, serial: 0), query: query,
                subject: .password(Secret(copying: Array(password.utf8).span)),
                deadline: deadline, isDebugged: false, log: LoginLog(request)))
    }

    func undecided(_ password: String) -> UndecidedLogin? {
        if case .later(let login) = decide(password) { login } else { nil }
    }

    /// The verdict, now or later. One that comes twice traps.
    func verdict(
        _ password: String, loginUser: String? = nil, deadline: Instant = now + .seconds(8)
    ) async throws -> LoginVerdict {
        switch decide(password, loginUser: loginUser, deadline: deadline) {
        case .now(let verdict): verdict
        case .later(let login):
            await withCheckedContinuation { continuation in login.resume { continuation.resume(returning: $0) } }
        }
    }

    /// Holds the pool's only thread until `gate` is signalled.
    func block(_ gate: Semaphore, _ hasBegun: Latch) throws {
        let job = VerificationJob(deadline: Self.now + .seconds(1)) { _ in
            hasBegun.countDown()
            gate.wait()
        } onRefusal: { _ in }
        try pool.submit(job, host: "")
    }

    /// Returns when every lookup that was begun has ended.
    func endLookups() async {
        lookupTask.cancel()
        await lookupTask.value
    }

    /// Returns when the pool's thread has ended.
    func end() {
        pool.shutDown()
        lookupTask.cancel()
    }
}

/// Users in memory who are found at once, or after a wait.
struct Users: PasswordDatabase {
    let driver: String
    let passwords: [String: String]
    var decoy: String?
    var isImmediate: Bool
    var failure: String?
    var events: Events?
    var hasBegun: Latch?
    var gate: Latch?

    init(
        _ driver: String, _ passwords: [String: String], decoy: String? = nil, isImmediate: Bool = true,
        failure: String? = nil, events: Events? = nil, hasBegun: Latch? = nil, gate: Latch? = nil
    ) {
        self.driver = driver
        self.passwords = passwords
        self.decoy = decoy
        self.isImmediate = isImmediate
        self.failure = failure
        self.events = events
        self.hasBegun = hasBegun
        self.gate = gate
    }

    func immediateLookup(_ query: UserQuery) -> PasswordLookup? { isImmediate ? answer(query) : nil }

    func lookup(_ query: UserQuery) async -> PasswordLookup {
        hasBegun?.countDown()
        await gate?.wait()
        return answer(query)
    }

    private func answer(_ query: UserQuery) -> PasswordLookup {
        events?.add("\(driver) \(query.user)")
        if let failure { return .failed(DatabaseFailure(failure)) }
        guard let password = stored(passwords[query.user]) else { return .unknownUser(decoy: stored(decoy)) }
        return .found(PasswordEntry(password: password))
    }

    private func stored(_ text: String?) -> StoredPassword? {
        text.flatMap { try? StoredPassword(parsing: Array($0.utf8).span, defaultScheme: .plain) }
    }
}

final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}

/// Looks whether a login is still there, without keeping it.
final class WeakLogin: Sendable {
    private weak let login: UndecidedLogin?

    init(_ login: UndecidedLogin?) { self.login = login }

    var isGone: Bool { login == nil }
}
