public import Secrets

/// A password as a database stores it: `{SCHEME}data`, parsed.
///
/// ```swift
/// let stored = try StoredPassword(parsing: field, defaultScheme: .crypt)
/// var workspace = HashingWorkspace()
/// if try stored.verify(password, user: "tim", using: &workspace) { … }
/// ```
///
/// The data are kept in storage that is wiped.
public struct StoredPassword: Sendable {
    /// Whether checking a password may take place where others wait.
    public enum Cost: Sendable, Hashable {
        /// Some microseconds.
        case cheap
        /// May take longer than about 100 µs, often milliseconds to seconds: crypt(3), Argon2, PBKDF2, SCRAM, OTP.
        case costly
    }

    /// The scheme that was named, or the default.
    public let scheme: PasswordScheme

    /// Whether Dovecot 2.4 refuses such data unless `auth_allow_weak_schemes` is on.
    ///
    /// True for weak schemes and for CRYPT data of the DES and MD5 kinds.
    public let isWeak: Bool

    let hash: StoredHash

    /// The data as they were stored, by which a cache of costly verifications knows them; nil if checking is cheap.
    package let costlyData: SharedSecret?

    init(scheme: PasswordScheme, isWeak: Bool, hash: StoredHash, costlyData: SharedSecret? = nil) {
        self.scheme = scheme
        self.isWeak = isWeak
        self.hash = hash
        self.costlyData = costlyData
    }

    /// Whether ``verifyCheaply(_:user:)`` will do.
    public var cost: Cost {
        if case .costly = hash { .costly } else { .cheap }
    }

    /// What one verification takes, estimated from the stored parameters; zero for cheap schemes.
    public var estimatedCost: HashingCost {
        if case .costly(let hash) = hash { hash.cost } else { .zero }
    }

    /// Whether `password` is the stored one; blocks for as long as the scheme takes.
    ///
    /// The comparison takes the same time wherever the two differ.
    ///
    /// - Parameters:
    ///   - password: Bytes of any kind and number. A password that crypt(3) can't take whole (512 bytes or more, or
    ///     a NUL among them) is never the stored one.
    ///   - user: The login name as the user gave it; only DIGEST-MD5 looks at it.
    ///   - workspace: The calling thread's own.
    /// - Throws: ``PasswordSchemeError`` if the cost is above the workspace's limits or the data turn out to be
    ///   unusable.
    public func verify(
        _ password: borrowing Secret, user: String, using workspace: inout HashingWorkspace
    ) throws(PasswordSchemeError) -> Bool {
        switch hash {
        case .never:
            return false
        case .cheap(let hash):
            return hash.matches(password, user: user)
        case .costly(let hash):
            try workspace.limits.check(hash.cost, of: scheme)
            // The block functions of crypt(3) and libargon2 leave words of the password on the stack, and a thread of the
            // pool may have nothing else to do for a long time.
            defer { wipeDeadStack() }
            return try hash.matches(password, of: scheme, using: &workspace)
        }
    }

    /// Whether `password` is the stored one, for schemes whose ``cost`` is cheap.
    ///
    /// - Throws: ``PasswordSchemeError`` with code `needsWorkspace` for a costly scheme.
    public func verifyCheaply(
        _ password: borrowing Secret, user: String
    ) throws(PasswordSchemeError) -> Bool {
        switch hash {
        case .never:
            return false
        case .cheap(let hash):
            return hash.matches(password, user: user)
        case .costly:
            throw PasswordSchemeError(.needsWorkspace, scheme, "a costly scheme was to be verified as a cheap one")
        }
    }
}
