/// The most that one verification may cost, so that one absurd entry in a database is an error and no outage.
public struct HashingLimits: Sendable, Hashable {
    /// The most time, by ``HashingCost/time``; 5 seconds unless set.
    ///
    /// chasquid waits five seconds for an answer and Postfix ten, so a slower hash could never log anybody in.
    public var time: Duration

    /// The most memory, in bytes; 1 GiB unless set, which is what Dovecot's costliest ARGON2ID setting takes.
    public var memory: Int

    public init(time: Duration = .seconds(5), memory: Int = 1 << 30) {
        self.time = time
        self.memory = memory
    }

    func check(_ cost: HashingCost, of scheme: PasswordScheme) throws(PasswordSchemeError) {
        if cost.memory > memory {
            throw PasswordSchemeError(.tooCostly, scheme, "it needs more memory than allowed")
        }
        if cost.time > time {
            throw PasswordSchemeError(.tooCostly, scheme, "it needs more time than allowed")
        }
    }
}
