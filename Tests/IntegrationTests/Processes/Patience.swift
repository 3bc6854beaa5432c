import Glibc

/// Waiting for what another process does, never without an end.
enum Patience {
    /// Asks again and again until the answer is yes, or the time is over.
    ///
    /// Other processes (a daemon making its socket, a log line being written) send no event that could be awaited.
    static func wait(for limit: Duration, until isTrue: () throws -> Bool) rethrows -> Bool {
        let end = ContinuousClock.now + limit
        while true {
            if try isTrue() { return true }
            if ContinuousClock.now >= end { return false }
            usleep(5000)
        }
    }
}
