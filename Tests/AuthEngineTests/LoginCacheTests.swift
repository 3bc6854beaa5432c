import AuthDatabases
import PasswordSchemes
import SASLMechanisms
import Secrets
import Synchronization
import TestSupport
import Testing

@testable import AuthEngine

@Suite("The login cache", .timeLimit(.minutes(1)))
struct LoginCacheTests {
    /// `openssl passwd -6 -salt othersalt secret`; the other one is AuthenticatorTests.costly.
    private static let other =
        "{CRYPT}$6$othersalt$yWbVSCJkZ2vwPSOjzg4gnuy.yIFq54VHHC2Mn0XeCpHF6E4vSqSPQ/Q7TMZo3H9HnWE0Q4MIvE9DZW9eoiqoz/"

    private final class Clock: Sendable {
        private let value = Mutex(Bench.now)
        var now: Instant { value.withLock { $0 } }
        func pass(_ duration: Duration) { value.withLock { $0 = $0 + duration } }
    }

    private let clock = Clock()

    private func cache(_ timeToLive: Duration = .seconds(60), capacity: Int = 10, seed: UInt64 = 1) throws -> LoginCache {
        var generator = SeededGenerator(seed: seed)
        let clock = clock
        let cache = LoginCache(
            timeToLive: timeToLive, capacity: capacity, clock: { clock.now }, using: &generator)
        return try #require(cache)
    }

    private func stored(_ text: String) throws -> StoredPassword {
        try StoredPassword(parsing: Array(text.utf8).span, defaultScheme: .plain)
    }

    private func secret(_ text: String) -> Secret { Secret(copying: Array(text.utf8).span) }

    private func knows(_ cache: LoginCache, _ password: String, of user: String, _ text: String) throws -> Bool {
        cache.knows(secret(password), of: user, as: try stored(text))
    }

    private func remember(_ cache: LoginCache, _ password: String, of user: String, _ text: String) throws {
        cache.remember(secret(password), of: user, as: try stored(text))
    }

    @Test("It knows exactly the login that succeeded: no other password, user, or stored hash")
    func exact() throws {
        let cache = try cache()
        let hash = AuthenticatorTests.costly
        #expect(try !knows(cache, "secret", of: "alice", hash))
        try remember(cache, "secret", of: "alice", hash)
        #expect(try knows(cache, "secret", of: "alice", hash))
        for (password, user, text) in [
            ("secre", "alice", hash), ("secret ", "alice", hash), ("", "alice", hash), ("secret", "bob", hash),
            ("tsecret", "alice", hash), ("secret", "alic", hash), ("secret", "alice", Self.other),
            ("secret", "alice", "{SHA512-CRYPT}" + hash.dropFirst(7)),
        ] {
            #expect(try !knows(cache, password, of: user, text))
        }
    }

    @Test("It forgets at the end of the time to live, which no use prolongs")
    func timeToLive() throws {
        let cache = try cache(.seconds(60))
        try remember(cache, "secret", of: "alice", AuthenticatorTests.costly)
        clock.pass(.seconds(59))
        #expect(try knows(cache, "secret", of: "alice", AuthenticatorTests.costly))
        clock.pass(.seconds(1))
        #expect(try !knows(cache, "secret", of: "alice", AuthenticatorTests.costly))
        #expect(cache.traces.isEmpty)
    }

    @Test("Over its capacity it forgets who has not logged in for longest")
    func capacity() throws {
        let cache = try cache(capacity: 2)
        let hash = AuthenticatorTests.costly
        try remember(cache, "secret", of: "alice", hash)
        try remember(cache, "secret", of: "bob", hash)
        #expect(try knows(cache, "secret", of: "alice", hash))
        try remember(cache, "secret", of: "carol", hash)
        #expect(try knows(cache, "secret", of: "alice", hash) && knows(cache, "secret", of: "carol", hash))
        #expect(try !knows(cache, "secret", of: "bob", hash))
        #expect(cache.traces.count == 2)
    }

    @Test("Told to forget, it forgets everything and says how much that was")
    func forget() throws {
        let cache = try cache()
        for user in ["alice", "bob"] { try remember(cache, "secret", of: user, AuthenticatorTests.costly) }
        #expect(cache.forget(["alice"]) == 2 && cache.forget() == 0)
        #expect(try !knows(cache, "secret", of: "alice", AuthenticatorTests.costly))
    }

    @Test("It keeps nothing for cheap schemes, which cost no more than it does")
    func cheap() throws {
        let cache = try cache()
        try remember(cache, "secret", of: "alice", "{PLAIN}secret")
        #expect(cache.traces.isEmpty)
        #expect(try !knows(cache, "secret", of: "alice", "{PLAIN}secret"))
    }

    // HMAC-SHA-256 under the process's key: with another key nothing is the same, with the same everything.
    @Test("What it keeps is 16 bytes a login, and says nothing without the key")
    func traces() throws {
        let password = "a password that is much longer than anything that is kept of it"
        let caches = [try cache(seed: 1), try cache(seed: 1), try cache(seed: 2)]
        for cache in caches { try remember(cache, password, of: "alice", AuthenticatorTests.costly) }
        #expect(caches[0].traces == caches[1].traces)
        #expect(caches[0].traces != caches[2].traces)
        #expect(MemoryLayout<LoginCache.Trace>.size == 16)
    }

    // RFC 2104 by Python: hmac.new(bytes(64), b"what do ya want for nothing?", "sha256").digest()[:16]
    @Test("The digest is HMAC-SHA-256's")
    func hmac() throws {
        struct Zeros: RandomNumberGenerator { func next() -> UInt64 { 0 } }
        var zeros = Zeros()
        guard let key = LoginCacheKey(using: &zeros) else {
            Issue.record("there is memory for a key")
            return
        }
        let trace = key.trace(Array("what do ya want for nothing?".utf8).span)
        #expect(trace == LoginCache.Trace(0x76d9e7194e7dbc3a, 0xa00bbe8ffb9f6fcb))
    }

    @Test("Nothing is remembered if it is off", arguments: [(0, 10), (60, 0), (-1, 10)])
    func off(seconds: Int, capacity: Int) {
        var generator = SeededGenerator(seed: 1)
        let cache = LoginCache(
            timeToLive: .seconds(seconds), capacity: capacity, clock: { Bench.now }, using: &generator)
        #expect(cache == nil)
    }

    // MARK: Within a login

    @Test("The second login of a user is answered at once, a wrong password never", arguments: [true, false])
    func second(isImmediate: Bool) async throws {
        let users = Users("db", ["alice": AuthenticatorTests.costly], isImmediate: isImmediate)
        let bench = Bench([users], loginCache: try cache())
        #expect(try await bench.verdict("secret").outcome == .success(user: "alice"))
        #expect(bench.verifications == 1)
        #expect(try await bench.verdict("secret").outcome == .success(user: "alice"))
        #expect(bench.verifications == 1)
        if isImmediate, case .later = bench.decide("secret") { Issue.record("not at once") }
        for _ in 0..<2 { #expect(try await bench.verdict("wrong").outcome == .wrongPassword) }
        #expect(bench.verifications == 3)
        clock.pass(.seconds(60))
        #expect(try await bench.verdict("secret").outcome == .success(user: "alice"))
        #expect(bench.verifications == 4)
        bench.end()
    }

    @Test("A stranger whose decoy's password is right is not remembered")
    func stranger() async throws {
        let cache = try cache()
        let bench = Bench([Users("db", [:], decoy: AuthenticatorTests.costly)], loginCache: cache)
        #expect(try await bench.verdict("secret").outcome == .wrongPassword)
        #expect(cache.traces.isEmpty)
        bench.end()
    }
}
