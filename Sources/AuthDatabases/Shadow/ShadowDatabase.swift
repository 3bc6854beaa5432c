internal import CPlatform
internal import Glibc
public import PasswordSchemes
internal import Secrets
internal import Synchronization

/// The system's own users: /etc/shadow, or whatever the name service has (getspnam(3)).
///
/// Reading it needs root, or the group `shadow`. Locked accounts are refused, and unlike with Dovecot, expired accounts
/// and passwords, too, unless ``DatePolicy/ignored``.
public final class ShadowDatabase: PasswordDatabase {
    public let driver = "shadow"
    public let cacheKey: VariableTemplate? = .user

    /// What the dates of accounts and passwords mean.
    public enum DatePolicy: Sendable, Hashable {
        /// Who has expired may not log in.
        case respected
        /// Nothing, as in Dovecot.
        case ignored
    }

    private let pool: BlockingPool
    let dates: DatePolicy
    private let today: @Sendable () -> Int
    /// A hash of the kind that users here have, once one was seen.
    private let lastSeen = Mutex<StoredPassword?>(ShadowDatabase.firstDecoy)

    public var decoy: StoredPassword? { lastSeen.withLock { $0 } }

    /// yescrypt as Debian and Ubuntu make it, of nobody's password: `mkpasswd -m yescrypt` of random text.
    private static let firstDecoy: StoredPassword? = try? StoredPassword(
        parsing: "$y$j9T$Wc9QuGGkKfMbrlVD95Swk1$7tBnbdTFObNDpwBzmB1V4JcA2x3gZ0GPPaHmqEO1L87".utf8.span,
        defaultScheme: .crypt)

    /// - Parameters:
    ///   - pool: where the name service is asked.
    ///   - dates: whether expired accounts and passwords are refused.
    ///   - today: days since 1970-01-01; nil for the system's clock.
    public init(pool: BlockingPool, dates: DatePolicy = .respected, today: (@Sendable () -> Int)? = nil) {
        self.pool = pool
        self.dates = dates
        self.today = today ?? { time(nil) / 86_400 }
    }

    public func lookup(_ query: UserQuery) async -> PasswordLookup {
        let day = dates == .respected ? today() : nil
        let decoy = decoy
        // C would take what is before a NUL for the name.
        guard !query.user.utf8.contains(0) else { return .unknownUser(decoy: decoy) }
        do {
            let answer = try await pool.run { Self.lookup(query.user, today: day, decoy: decoy) }
            if case .found(let entry) = answer { lastSeen.withLock { $0 = entry.password } }
            return answer
        } catch {
            return .failed(DatabaseFailure("shadow can't be asked now: too many lookups are waiting"))
        }
    }

    private static func lookup(_ user: String, today: Int?, decoy: StoredPassword?) -> PasswordLookup {
        var size = 1024
        while true {
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
            // The hash must not stay behind on the heap.
            defer {
                unsafe wipe(buffer)
                unsafe buffer.deallocate()
            }
            var entry = unsafe gatepost_shadow_entry()
            // The entry's text lies in the buffer, which outlives its use here.
            let status = unsafe gatepost_getspnam(
                user, &entry, buffer.assumingMemoryBound(to: CChar.self).baseAddress, size)
            switch status {
            case 1:
                guard let text = unsafe entry.password else { return .unknownUser(decoy: decoy) }
                let dates = unsafe ShadowEntry(
                    lastChange: set(entry.last_change), maximumAge: set(entry.maximum_age),
                    inactive: set(entry.inactive), expires: set(entry.expires))
                let count = unsafe strlen(text)
                return unsafe text.withMemoryRebound(to: UInt8.self, capacity: count) { start in
                    dates.lookup(
                        password: unsafe Span(_unsafeStart: start, count: count), today: today, defaultScheme: .crypt,
                        decoy: decoy)
                }
            case 0:
                return .unknownUser(decoy: decoy)
            case -ERANGE where size < 1 << 20:
                size *= 4
            case -EACCES, -EPERM:
                return .failed(
                    DatabaseFailure(
                        "no permission to read /etc/shadow; run with the group shadow "
                            + "(service auth { extra_groups = shadow }), or as root"))
            default:
                return .failed(DatabaseFailure("getspnam failed: \(unsafe String(cString: strerror(-status)))"))
            }
        }
    }

    /// shadow(3) has -1 for an empty field.
    private static func set(_ days: Int) -> Int? { days < 0 ? nil : days }
}
