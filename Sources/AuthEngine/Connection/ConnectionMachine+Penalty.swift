internal import DovecotAuthProtocol
internal import Secrets

/// The penalty of addresses from which logins fail.
///
/// Nothing waits for it but the outcome: the password is checked at once, and told when the address has waited. So a
/// hash takes none of the time, nothing secret is kept for seconds, and a success ends the penalty of its address at
/// once. What can't be told in time isn't checked at all.
extension ConnectionMachine {
    /// Lets a login go on with a message of its client that may hold a guess.
    ///
    /// - Returns: what to do instead if too many logins from its address wait already.
    mutating func admit(_ exchange: Exchange, at now: Instant) -> ConnectionAction? {
        // Read without a lock: as long as nobody fails, logins cost nothing here.
        guard let penalties = settings.penalties, !penalties.isEmpty, exchange.standing == nil,
            let address = penalisedAddress(exchange)
        else { return nil }
        return wait(exchange, penalties, address, at: now) ? nil : failTemporarily(exchange, at: now)
    }

    /// Counts a login that failed; false if too many of its address failed meanwhile to tell it so.
    mutating func recordFailure(_ exchange: Exchange, at now: Instant) -> Bool {
        guard let penalties = settings.penalties, let address = penalisedAddress(exchange) else { return true }
        let since = exchange.standing?.points ?? 0
        var isAllowed = true
        if penalties.points(address, at: now) > since { isAllowed = wait(exchange, penalties, address, at: now) }
        penalties.failed(
            address, guess: exchange.guess, since: since,
            decidedAt: max(now, exchange.standing?.notBefore ?? now), now: now)
        return isAllowed
    }

    /// Forgives an address because of a login that succeeded; false if too many failed meanwhile to tell it so.
    ///
    /// Who sends many guesses at a time, before the first has failed, learns no more by it than one after the other.
    /// One failure may be that of a neighbour.
    mutating func recordSuccess(_ exchange: Exchange, at now: Instant) -> Bool {
        guard let penalties = settings.penalties, !penalties.isEmpty, let address = penalisedAddress(exchange) else {
            return true
        }
        if penalties.points(address, at: now) > (exchange.standing?.points ?? 0) + 1,
            !wait(exchange, penalties, address, at: now)
        {
            return false
        }
        penalties.succeeded(address, at: now)
        return true
    }

    /// Remembers what was tried, to tell somebody with an old password from somebody who tries many.
    func remember(_ password: borrowing Secret, of exchange: Exchange) {
        guard settings.penalties != nil, exchange.request.remoteAddress != nil else { return }
        // Seeded for this process, so that nobody can tell a password by it.
        var hasher = Hasher()
        hasher.combine(exchange.user)
        password.withBytes { bytes in
            for index in bytes.indices { hasher.combine(bytes[index]) }
        }
        exchange.guess = UInt32(truncatingIfNeeded: hasher.finalize())
    }

    func penalisedAddress(_ exchange: Exchange) -> PenaltyAddress? {
        if let standing = exchange.standing { return standing.address }
        guard settings.penalties != nil, !exchange.request.flags.contains(.noPenalty) else { return nil }
        return exchange.request.remoteAddress.flatMap { PenaltyAddress($0) }
    }

    /// Puts a login into its address's line; false if that is full.
    private mutating func wait(
        _ exchange: Exchange, _ penalties: PenaltyTable, _ address: PenaltyAddress, at now: Instant
    ) -> Bool {
        guard let admission = penalties.admit(address, limit: schedule(exchange).longestPenalty, at: now) else {
            noteRefusal(exchange, "Too many failed logins from this address, try again later")
            return false
        }
        exchange.standing = .init(
            address: address, points: admission.points,
            notBefore: max(admission.notBefore, exchange.standing?.notBefore ?? admission.notBefore))
        return true
    }
}
