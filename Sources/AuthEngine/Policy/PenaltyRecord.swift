/// What is known of an address from which logins failed; Dovecot's rules, as a value.
struct PenaltyRecord: Sendable {
    /// The worst.
    static let mostPoints = 4
    /// After this time without a failure a record says nothing any more.
    static let lifetime = Duration.seconds(29)
    /// How many guesses are remembered, so that the same one doesn't count again.
    private static let mostGuesses = 10

    private var points = 0
    private var raisedAt: Instant
    private var touchedAt: Instant
    private var guesses: [UInt32] = []
    /// When the logins that wait now will have been decided.
    private var waiting: [Instant] = []

    init(at now: Instant) {
        raisedAt = now
        touchedAt = now
    }

    /// How long a login waits before it is decided, with so many points: Dovecot's steps.
    static func wait(_ points: Int) -> Duration {
        switch points {
        case ...0: .zero
        case 1: .seconds(4)
        case 2: .seconds(8)
        default: .seconds(15)
        }
    }

    /// How many logins from one address may wait at a time; Dovecot has no limit, and so parallel connections guess as
    /// fast as they like.
    static func mostWaiting(_ points: Int) -> Int {
        switch points {
        case ...0: .max
        case 1: 8
        case 2: 4
        default: 2
        }
    }

    func isExpired(at now: Instant) -> Bool { touchedAt + Self.lifetime <= now }

    /// The points that are left: all of them, or after 15 seconds without another none.
    ///
    /// Dovecot means to take them one by one, after 15, 15, 8 and 4 seconds, but compares the same time with each.
    func points(at now: Instant) -> Int {
        raisedAt + Self.wait(Self.mostPoints) <= now ? 0 : points
    }

    /// Has a login wait, at most for `limit`; nil if too many wait.
    mutating func reserve(limit: Duration, at now: Instant) -> Instant? {
        let points = points(at: now)
        guard points > 0 else { return now }
        waiting.removeAll { $0 <= now }
        guard waiting.count < Self.mostWaiting(points) else { return nil }
        let end = now + min(Self.wait(points), limit)
        waiting.append(end)
        return end
    }

    /// - Parameters:
    ///   - guess: tells user and password; nil if nobody knows them, as with challenge-response mechanisms.
    ///   - since: how many points there were when the login began.
    ///   - now: when the login was decided.
    mutating func failed(guess: UInt32?, since: Int, at now: Instant) {
        let before = max(since, points(at: now))
        points = before
        touchedAt = max(touchedAt, now)
        if let guess {
            // Somebody whose program has an old password, rather than somebody who tries them all.
            if let place = guesses.firstIndex(of: guess) {
                guesses.remove(at: place)
                guesses.insert(guess, at: 0)
                return
            }
            guesses.insert(guess, at: 0)
            if guesses.count > Self.mostGuesses { guesses.removeLast() }
        }
        points = min(before + 1, Self.mostPoints)
        raisedAt = max(raisedAt, now)
    }

    mutating func succeeded(at now: Instant) {
        points = 0
        touchedAt = max(touchedAt, now)
    }
}
