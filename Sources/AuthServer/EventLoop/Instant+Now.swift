internal import AuthEngine
internal import Glibc

extension Instant {
    /// The system's monotonic clock, for those who hand time in.
    static var now: Instant {
        var time = timespec()
        // Filled during the call, which can't fail for this clock.
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
