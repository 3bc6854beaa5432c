public import AuthDatabases
internal import PasswordSchemes
internal import Secrets
internal import Synchronization

/// Remembers which costly verifications succeeded, so that the same login a moment later costs as little as one with a
/// cheap scheme (`gatepost_login_cache_ttl`).
///
/// What is kept of a login is one half of an HMAC-SHA-256 over its user's name, the stored hash and the password; the
/// key is this process's own, random, in memory that is neither swapped nor dumped. Conditions of an entry, such as
/// `allow_nets`, are no part of it: the databases are asked at each login, and a hash that they have changed is another
/// one. Failures are never remembered.
public final class LoginCache: AnswerCache {
    /// The first half of a digest.
    typealias Trace = SIMD2<UInt64>

    private let key: LoginCacheKey
    private let timeToLive: Duration
    private let capacity: Int
    private let clock: @Sendable () -> Instant
    /// Until when each is remembered.
    private let known = Mutex(RecentlyUsed<Trace, Instant>())

    /// - Parameters:
    ///   - timeToLive: how long a login is remembered; nothing prolongs it.
    ///   - capacity: how many logins are remembered; the least recently used is forgotten for a new one.
    ///   - clock: tells what is too old.
    ///   - generator: fit for cryptography, as `SystemRandomNumberGenerator` is.
    /// - Returns: nil if nothing may be remembered, or there is no memory for the key.
    public init?(
        timeToLive: Duration, capacity: Int, clock: @escaping @Sendable () -> Instant,
        using generator: inout some RandomNumberGenerator
    ) {
        guard timeToLive > .zero, capacity > 0, let key = LoginCacheKey(using: &generator) else { return nil }
        self.key = key
        self.timeToLive = timeToLive
        self.capacity = capacity
        self.clock = clock
    }

    /// Whether the key never goes to swap: not where the system allows no locked memory.
    public var hasLockedKey: Bool { key.isLocked }

    /// Whether this password was found to be the stored one, within the time to live.
    func knows(_ password: borrowing Secret, of user: String, as stored: StoredPassword) -> Bool {
        guard let trace = trace(password, user, stored) else { return false }
        return known.withLock { known in
            guard let end = known.use(trace) else { return false }
            guard clock() < end else {
                known.remove(trace)
                return false
            }
            return true
        }
    }

    /// Remembers that this password is the stored one.
    func remember(_ password: borrowing Secret, of user: String, as stored: StoredPassword) {
        guard let trace = trace(password, user, stored) else { return }
        known.withLock { known in
            known.set(trace, clock() + timeToLive)
            while known.count > capacity { known.removeOldest() }
        }
    }

    /// Forgets everything: whose a login was can't be told from what is kept of it.
    ///
    /// - Returns: how many logins were remembered.
    @discardableResult
    public func forget(_ users: [String] = []) -> Int {
        let old = known.withLock { known in
            defer { known = RecentlyUsed() }
            return known
        }
        return old.count
    }

    /// All that is kept of the logins, for tests.
    var traces: [Trace] { known.withLock { $0.keys } }

    /// nil if verifying is cheap anyway.
    private func trace(_ password: borrowing Secret, _ user: String, _ stored: StoredPassword) -> Trace? {
        guard let data = stored.costlyData else { return nil }
        let message = data.withSecret { data in
            data.withBytes { data in password.withBytes { Self.message(user, stored.scheme.name, data, $0) } }
        }
        return message.withBytes { key.trace($0) }
    }

    /// The parts one after the other, each behind its length, so that no two logins make the same message.
    private static func message(
        _ user: String, _ scheme: String, _ data: Span<UInt8>, _ password: Span<UInt8>
    ) -> Secret {
        let (user, scheme) = (Array(user.utf8), Array(scheme.utf8))
        return Secret(capacity: user.count + scheme.count + data.count + password.count + 32) { output in
            append(user.span, to: &output)
            append(scheme.span, to: &output)
            append(data, to: &output)
            append(password, to: &output)
        }
    }

    private static func append(_ part: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        var count = UInt64(part.count)
        for _ in 0..<8 {
            output.append(UInt8(truncatingIfNeeded: count))
            count >>= 8
        }
        for index in part.indices { output.append(part[index]) }
    }
}
