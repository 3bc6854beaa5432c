internal import Glibc

/// How often a file is looked at to see whether it has changed: each time that somebody asks, but under load no more
/// than four times between two ticks of the kernel's clock (1 to 10 ms). Dovecot looks once a second.
struct LookBudget {
    private var tick: Int64 = .min
    private var looks = 0

    /// Ordinary mail servers seldom have more lookups in so short a time; with many more, it spares nearly all of the
    /// looks.
    static let perTick = 4

    /// Whether to look now; counts the look.
    mutating func take(at tick: Int64) -> Bool {
        if tick != self.tick {
            self.tick = tick
            looks = 0
        }
        guard looks < Self.perTick else { return false }
        looks += 1
        return true
    }

    /// The time of the last tick in nanoseconds, which costs no system call.
    static func now() -> Int64 {
        var time = timespec()
        // Writes into the local variable only.
        unsafe clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
