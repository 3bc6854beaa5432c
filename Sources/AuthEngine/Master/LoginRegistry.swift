public import DovecotAuthProtocol
internal import Synchronization

/// The login processes that are connected, and their logins that wait for a mail process; shared by all connections.
///
/// A login process is known by the number it said in CPID; a mail process shows the cookie that the login process was
/// given.
public final class LoginRegistry: Sendable {
    private struct Client {
        let cookie: ServerGreeting.Cookie
        var waiting: [RequestID: Kept] = [:]
    }

    private struct Kept {
        let login: WaitingLogin
        let until: Instant
    }

    /// What became of a REQUEST.
    public enum ClaimOutcome: Sendable, Hashable {
        case login(WaitingLogin)
        case unknownClient
        case wrongCookie
        /// The client has no such login, or it is not finished, or it was taken already.
        case unknownLogin
    }

    /// How many logins of one login process may wait.
    private static let mostWaiting = 1000

    private let clients = Mutex<[UInt32: Client]>([:])

    public init() {}

    /// Takes a login process in; false if another one has its number.
    public func add(_ processID: UInt32, cookie: ServerGreeting.Cookie) -> Bool {
        clients.withLock { clients in
            guard clients[processID] == nil else { return false }
            clients[processID] = Client(cookie: cookie)
            return true
        }
    }

    /// Forgets a login process and its logins.
    public func remove(_ processID: UInt32) {
        clients.withLock { $0[processID] = nil }
    }

    /// Keeps a login until a mail process takes it, or ``expire(of:at:)`` finds that none has.
    public func keep(_ login: WaitingLogin, _ id: RequestID, of processID: UInt32, until limit: Instant) {
        clients.withLock { clients in
            // Who leaves logins behind loses the oldest.
            if let waiting = clients[processID]?.waiting, waiting.count >= Self.mostWaiting,
                let oldest = waiting.keys.min()
            {
                clients[processID]?.waiting[oldest] = nil
            }
            clients[processID]?.waiting[id] = Kept(login: login, until: limit)
        }
    }

    /// Forgets the logins of a login process that have waited too long.
    ///
    /// - Returns: those, and when the next one will have.
    public func expire(of processID: UInt32, at now: Instant) -> (expired: [RequestID], next: Instant?) {
        clients.withLock { clients in
            guard let waiting = clients[processID]?.waiting else { return ([], nil) }
            let expired = waiting.filter { $0.value.until <= now }.keys.sorted()
            for id in expired { clients[processID]?.waiting[id] = nil }
            return (expired, clients[processID]?.waiting.values.map(\.until).min())
        }
    }

    /// Whether a login still waits.
    public func isWaiting(_ id: RequestID, of processID: UInt32) -> Bool {
        clients.withLock { $0[processID]?.waiting[id] != nil }
    }

    /// Forgets a login; false if it didn't wait.
    @discardableResult
    public func forget(_ id: RequestID, of processID: UInt32) -> Bool {
        clients.withLock { $0[processID]?.waiting.removeValue(forKey: id) != nil }
    }

    /// Gives a login to a mail process, once.
    public func take(_ claim: LoginClaim) -> ClaimOutcome {
        clients.withLock { clients in
            guard let client = clients[claim.clientProcessID] else { return .unknownClient }
            guard let cookie = claim.cookie, client.cookie.isEqual(cookie) else { return .wrongCookie }
            let id = RequestID(claim.clientRequest)
            guard let kept = clients[claim.clientProcessID]?.waiting.removeValue(forKey: id) else {
                return .unknownLogin
            }
            return .login(kept.login)
        }
    }
}

extension ServerGreeting.Cookie {
    /// In a time that doesn't tell how much is right.
    fileprivate func isEqual(_ other: Self) -> Bool {
        (high ^ other.high) | (low ^ other.low) == 0
    }
}
