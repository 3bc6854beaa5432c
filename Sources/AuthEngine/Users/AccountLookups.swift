internal import AuthDatabases
internal import Synchronization

/// Turns names of the system's accounts into numbers, on a thread that begins with the first one.
public final class AccountLookups: Sendable {
    private let pool = Mutex<BlockingPool?>(nil)

    public init() {}

    func numbers(of reference: AccountReference) async -> AccountNumbers {
        let pool = pool.withLock { pool in
            let running = pool ?? BlockingPool(threads: 1)
            pool = running
            return running
        }
        do {
            return try await pool.run { AccountNumbers(reference) }
        } catch {
            return .unknown("the system's accounts can't be asked now: too many lookups are waiting")
        }
    }
}
