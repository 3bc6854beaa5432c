/// What `-r` means to a scheme: its unit, limits and default.
struct PwRounds: Equatable {
    /// How the time grows with the number.
    enum Growth: Equatable {
        /// Each step takes about twice the time of the one before.
        case doubling
        /// Twice the number takes twice the time.
        case linear
    }

    let limits: ClosedRange<Int>
    let standard: Int
    let growth: Growth
    /// Whether a number outside is moved to the nearest limit: doveadm does that with its three documented schemes.
    let isForgiving: Bool

    init(_ limits: ClosedRange<Int>, standard: Int, _ growth: Growth, isForgiving: Bool = false) {
        self.limits = limits
        self.standard = standard
        self.growth = growth
        self.isForgiving = isForgiving
    }

    /// Dovecot's limits. bcrypt's standard is not Dovecot's 5, which takes two milliseconds, but 10.
    static let bcrypt = PwRounds(4...31, standard: 10, .doubling, isForgiving: true)
    static let shaCrypt = PwRounds(1000...999_999_999, standard: 5000, .linear, isForgiving: true)
    static let pbkdf2 = PwRounds(1...Int(UInt32.max), standard: 5000, .linear)
    /// RFC 5802 section 5.1 and RFC 7677 section 4: 4096 at least. doveadm 2.3 takes no other number.
    static let scram = PwRounds(4096...Int(Int32.max), standard: 4096, .linear)
    /// Passes over the memory; libsodium, and so doveadm, makes no ARGON2I hash with fewer than three.
    static let argon2i = PwRounds(3...Int(UInt32.max), standard: 3, .linear)
    static let argon2id = PwRounds(1...Int(UInt32.max), standard: 3, .linear)
    /// crypt(5): 16 MiB at level 5, and twice the memory with each further level.
    static let yescrypt = PwRounds(1...11, standard: 5, .doubling)
    static let scrypt = PwRounds(6...11, standard: 7, .doubling)

    /// The rounds to hash with; nil for the scheme's own. 0 means the same, as in doveadm.
    func accept(_ rounds: Int?, of scheme: String, warn: (String) -> Void) throws(PwError) -> Int? {
        guard let rounds, rounds != 0 else { return nil }
        if limits ~= rounds { return rounds }
        let allowed = "\(scheme) takes -r from \(limits.lowerBound) to \(limits.upperBound)"
        guard isForgiving, rounds > 0 else { throw PwError(description: "\(allowed), not \(rounds)") }
        let nearest = rounds < limits.lowerBound ? limits.lowerBound : limits.upperBound
        warn("\(allowed): \(nearest) it is")
        return nearest
    }
}
