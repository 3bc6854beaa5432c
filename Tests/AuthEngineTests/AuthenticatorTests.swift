import AuthDatabases
import DovecotAuthProtocol
import PasswordSchemes
import SASLMechanisms
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import AuthEngine

@Suite("Answering a login", .timeLimit(.minutes(1)))
struct AuthenticatorTests {
    /// Of `secret`: `openssl passwd -6 -salt saltsalt secret`.
    static let costly =
        "{CRYPT}$6$saltsalt$TVLlQcbpFVof5W3Yz4DTP6gRstiNuHwwTt6GLc1E5n0U0aDehy0S5knV8wiOQSpT0Y77vwPZN.Pq.H91p5hVO1"

    @Test("A cheap scheme of a database that knows is answered at once", arguments: [("secret", true), ("wrong", false)])
    func cheap(password: String, isRight: Bool) throws {
        let bench = Bench([Users("db", ["alice": "{PLAIN}secret"])])
        guard case .now(let verdict) = bench.decide(password) else {
            Issue.record("not at once")
            return
        }
        #expect(verdict.outcome == (isRight ? LoginVerdict.Outcome.success(user: "alice") : .wrongPassword))
        #expect(bench.verifications == 0)
        bench.end()
    }

    @Test("A costly scheme is verified on the pool, once", arguments: [("secret", true), ("wrong", false)])
    func costly(password: String, isRight: Bool) async throws {
        let bench = Bench([Users("db", ["alice": Self.costly])])
        let verdict = try await bench.verdict(password)
        #expect(verdict.outcome == (isRight ? LoginVerdict.Outcome.success(user: "alice") : .wrongPassword))
        #expect(bench.verifications == 1)
        bench.end()
    }

    @Test("An unknown user costs the hash of a decoy")
    func decoy() async throws {
        let bench = Bench([Users("db", [:], decoy: Self.costly)])
        // Not even the decoy's own password logs in.
        let verdict = try await bench.verdict("secret")
        #expect(verdict.outcome == .wrongPassword)
        #expect(bench.verifications == 1)
        #expect(verdict.log.map(\.text) == ["db(alice): unknown user"])
        bench.end()
    }

    @Test("A user whom only the second database knows costs one hash, too")
    func oneHash() async throws {
        let bench = Bench([Users("first", [:], decoy: Self.costly), Users("second", ["alice": Self.costly])])
        #expect(try await bench.verdict("secret").outcome == .success(user: "alice"))
        #expect(bench.verifications == 1)
        bench.end()
    }

    @Test("Databases are asked in order, each after the one before it, and none after the one that decides")
    func order() async throws {
        let events = Events()
        let bench = Bench([
            Users("first", [:], isImmediate: false, events: events),
            Users("second", ["alice": "{PLAIN}other"], events: events),
            Users("third", ["alice": "{PLAIN}secret"], isImmediate: false, events: events),
            Users("fourth", ["alice": "{PLAIN}secret"], events: events),
        ])
        #expect(try await bench.verdict("secret").outcome == .success(user: "alice"))
        #expect(events.all == ["first alice", "second alice", "third alice"])
        bench.end()
    }

    @Test("A database that fails makes the login fail temporarily, with its words in the log", arguments: [true, false])
    func databaseFailure(isImmediate: Bool) async throws {
        let bench = Bench([Users("db", [:], isImmediate: isImmediate, failure: "the table is gone")])
        let verdict = try await bench.verdict("secret")
        #expect(verdict.outcome == .temporaryFailure)
        #expect(verdict.log == [LogLine(.error, "db(alice): the table is gone")])
        bench.end()
    }

    @Test("A right password in a later database outweighs the failure of an earlier one")
    func laterSuccess() async throws {
        let bench = Bench([
            Users("db", [:], isImmediate: false, failure: "the table is gone"),
            Users("second", ["alice": "{PLAIN}secret"]),
        ])
        #expect(try await bench.verdict("secret").outcome == .success(user: "alice"))
        bench.end()
    }

    @Test("With no time left the hash is not computed, and the login fails temporarily")
    func expired() async throws {
        let bench = Bench([Users("db", ["alice": Self.costly])])
        let verdict = try await bench.verdict("secret", deadline: Bench.now)
        #expect(verdict.outcome == .temporaryFailure)
        #expect(verdict.log.map(\.level) == [.error])
        bench.end()
    }

    @Test("Over the queue's limit the login fails temporarily at once, and the log names the setting")
    func overloaded() async throws {
        let bench = Bench([Users("db", ["alice": Self.costly])], maximumPending: 0)
        let verdict = try await bench.verdict("secret")
        #expect(verdict.outcome == .temporaryFailure)
        #expect(verdict.log.map { $0.text.contains("gatepost_hash_queue_limit") } == [true])
        bench.end()
    }

    @Test("Logging in as somebody else, or with a password that can't be one, asks no database")
    func unasked() async throws {
        let events = Events()
        let bench = Bench([Users("db", ["alice": "{PLAIN}secret"], events: events)])
        #expect(try await bench.verdict("secret", loginUser: "bob").outcome == .wrongPassword)
        #expect(try await bench.verdict("sec\tret").outcome == .wrongPassword)
        #expect(events.all == [])
        bench.end()
    }

    @Test("Nothing is reported after cancelling, wherever the login stands")
    func cancelled() async throws {
        let bench = Bench([Users("db", ["alice": Self.costly])])
        let (gate, hasBegun, reports) = (Semaphore(), Latch(), Events())
        try bench.block(gate, hasBegun)
        await hasBegun.wait()
        let queued = try #require(bench.undecided("secret"))
        queued.resume { _ in reports.add("queued") }
        queued.cancel()
        let early = try #require(bench.undecided("secret"))
        early.cancel()
        early.resume { _ in reports.add("early") }
        gate.signal()
        // One behind them, in the same lane, comes to its end.
        #expect(try await bench.verdict("secret").outcome == .success(user: "alice"))
        bench.end()
        #expect(reports.all == [])
    }

    @Test("A login that waited for a database when it was cancelled asks no other")
    func cancelledLookup() async throws {
        let events = Events()
        let (hasBegun, gate) = (Latch(), Latch())
        let bench = Bench([
            Users("first", [:], isImmediate: false, events: events, hasBegun: hasBegun, gate: gate),
            Users("second", ["alice": "{PLAIN}secret"], isImmediate: false, events: events),
        ])
        let login = try #require(bench.undecided("secret"))
        login.resume { _ in events.add("reported") }
        await hasBegun.wait()
        login.cancel()
        gate.countDown()
        await bench.endLookups()
        #expect(events.all == ["first alice"])
        bench.end()
    }

    @Test("Nobody keeps a login, and with it its password, after its verdict")
    func release() async throws {
        let bench = Bench([Users("db", ["alice": Self.costly], isImmediate: false)])
        var login = bench.undecided("secret")
        let observed = WeakLogin(login)
        await withCheckedContinuation { continuation in login?.resume { _ in continuation.resume() } }
        login = nil
        await bench.endLookups()
        bench.end()
        let isGone = observed.isGone
        #expect(isGone)
    }

    @Test("Nobody keeps a login after it was cancelled")
    func releaseCancelled() async throws {
        let bench = Bench([Users("db", ["alice": Self.costly])])
        let (gate, hasBegun) = (Semaphore(), Latch())
        try bench.block(gate, hasBegun)
        await hasBegun.wait()
        var login = bench.undecided("secret")
        let observed = WeakLogin(login)
        login?.resume { _ in Issue.record("reported") }
        login?.cancel()
        login = nil
        gate.signal()
        bench.end()
        let isGone = observed.isGone
        #expect(isGone)
    }

    @Test("Lookups that were begun are waited for when the server ends")
    func backgroundLookups() async {
        let lookups = BackgroundLookups()
        let events = Events()
        let (hasBegun, gate) = (Latch(2), Latch())
        // Begun before anybody runs them: they wait, and are not lost.
        for name in ["first", "second"] {
            lookups.start {
                hasBegun.countDown()
                await gate.wait()
                events.add(name)
            }
        }
        let task = Task { await lookups.run() }
        await hasBegun.wait()
        task.cancel()
        #expect(events.all == [])
        gate.countDown()
        await task.value
        #expect(Set(events.all) == ["first", "second"])
    }
}
