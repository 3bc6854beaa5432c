internal import Glibc
internal import PasswordSchemes
internal import Secrets

/// Times single hashes of one scheme.
struct PwMeter {
    let scheme: PwScheme

    /// A usual length; nobody's password.
    private static var sample: Secret { Secret(copying: Array("twelve chars".utf8).span) }

    /// The least of some runs on a core of their own, whatever else the machine does meanwhile; nil if the cost is above
    /// what Gatepost verifies.
    func time(rounds: Int) throws(PwError) -> Duration? {
        let password = Self.sample
        var workspace = HashingWorkspace()
        var least: Duration?
        var total = Duration.zero
        var runs = 0
        // Enough for a steady value, and no more than about three times the hash's own time once that is long.
        while runs < 3 || total < .milliseconds(100) && runs < 100 {
            let start = Self.threadTime
            do throws(PasswordSchemeError) {
                _ = try hash(password, rounds, &workspace)
            } catch {
                if error.code == .tooCostly { return nil }
                throw PwError(description: error.description)
            }
            let time = Self.threadTime - start
            least = min(least ?? time, time)
            total += time
            runs += 1
        }
        return least
    }

    /// What this thread has had of a processor: waiting for one is left out.
    private static var threadTime: Duration {
        var time = timespec()
        // A plain C structure of this frame.
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Bytes, from the parameters of a hash.
    func memory(rounds: Int) throws(PwError) -> Int {
        var workspace = HashingWorkspace()
        do throws(PasswordSchemeError) {
            let text = try hash(Self.sample, rounds, &workspace)
            return try text.withBytes { (text) throws(PasswordSchemeError) in
                try StoredPassword(parsing: text, defaultScheme: scheme.scheme).estimatedCost.memory
            }
        } catch {
            throw PwError(description: error.description)
        }
    }

    private func hash(
        _ password: borrowing Secret, _ rounds: Int, _ workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Secret {
        try scheme.scheme.generate(
            password, user: "user", parameters: scheme.parameters(rounds: rounds), using: &workspace)
    }
}
