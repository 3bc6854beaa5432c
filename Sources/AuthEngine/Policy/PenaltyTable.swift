internal import Synchronization

/// The addresses from which logins failed lately, and how long their next ones have to wait; shared by all connections
/// of a server, and kept when it reads its configuration again.
public final class PenaltyTable: Sendable {
    private struct State {
        /// The records that were touched lately, and those that weren't: what is in neither was forgotten.
        var young: [PenaltyAddress: PenaltyRecord] = [:]
        var old: [PenaltyAddress: PenaltyRecord] = [:]
        var nextTurn: Instant?
    }

    private let state = Mutex(State())
    /// So that as long as nobody fails a login takes no lock.
    private let count = Atomic(0)
    private let capacity: Int

    /// - Parameter capacity: how many addresses are remembered at most; over that those that have not failed for
    ///   longest are forgotten.
    public init(capacity: Int = 40_000) {
        self.capacity = max(2, capacity)
    }

    var isEmpty: Bool { addressCount == 0 }

    /// How many addresses are known.
    var addressCount: Int { count.load(ordering: .relaxed) }

    /// Lets a login begin.
    struct Admission: Equatable {
        /// How many points the address had then.
        var points: Int
        /// When it may be decided.
        var notBefore: Instant
    }

    /// Has a login wait as long as its address deserves, and `limit` at most.
    ///
    /// - Returns: nil if too many logins from there wait already.
    func admit(_ address: PenaltyAddress, limit: Duration, at now: Instant) -> Admission? {
        withRecord(address, at: now) { record in
            guard var known = record else { return Admission(points: 0, notBefore: now) }
            let points = known.points(at: now)
            guard let notBefore = known.reserve(limit: limit, at: now) else { return nil }
            record = known
            return Admission(points: points, notBefore: notBefore)
        }
    }

    /// Whether there is anything that a login from `address`, even one that succeeds, may depend on or change.
    func knows(_ address: PenaltyAddress, at now: Instant) -> Bool {
        state.withLock { state in
            if turnOver(&state, now) { count.store(state.old.count, ordering: .relaxed) }
            // Where it is, not what: a record is not copied for this.
            return state.young.index(forKey: address) != nil || state.old.index(forKey: address) != nil
        }
    }

    func points(_ address: PenaltyAddress, at now: Instant) -> Int {
        isEmpty ? 0 : withRecord(address, at: now) { $0?.points(at: now) ?? 0 }
    }

    /// See ``PenaltyRecord/failed(guess:since:at:)``.
    func failed(_ address: PenaltyAddress, guess: UInt32?, since: Int, decidedAt: Instant, now: Instant) {
        withRecord(address, at: now) { record in
            var known = record ?? PenaltyRecord(at: now)
            known.failed(guess: guess, since: since, at: decidedAt)
            record = known
        }
    }

    func succeeded(_ address: PenaltyAddress, at now: Instant) {
        guard !isEmpty else { return }
        withRecord(address, at: now) { $0?.succeeded(at: now) }
    }

    private func withRecord<Result>(
        _ address: PenaltyAddress, at now: Instant, _ body: (inout PenaltyRecord?) -> Result
    ) -> Result where Result: Sendable {
        state.withLock { state in
            turnOver(&state, now)
            var record = state.young[address] ?? state.old[address]
            if record?.isExpired(at: now) == true { record = nil }
            let result = body(&record)
            if let record {
                state.old.removeValue(forKey: address)
                state.young[address] = record
                if state.nextTurn == nil { state.nextTurn = now + PenaltyRecord.lifetime }
            } else {
                state.young.removeValue(forKey: address)
                state.old.removeValue(forKey: address)
            }
            count.store(state.young.count + state.old.count, ordering: .relaxed)
            return result
        }
    }

    /// Forgets what was not touched since the last time, if it is time for that.
    @discardableResult
    private func turnOver(_ state: inout State, _ now: Instant) -> Bool {
        guard let turn = state.nextTurn, turn <= now || state.young.count >= capacity / 2 else { return false }
        state.old = state.young
        state.young = [:]
        state.nextTurn = state.old.isEmpty ? nil : now + PenaltyRecord.lifetime
        return true
    }
}
