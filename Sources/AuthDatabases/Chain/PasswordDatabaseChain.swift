/// The databases in the order in which they are asked.
public struct PasswordDatabaseChain: Sendable {
    public let databases: [any PasswordDatabase]
    /// What becomes of weakly stored passwords.
    public let weakSchemes: WeakSchemePolicy
    private let drivers: [String]

    public init(_ databases: [any PasswordDatabase], weakSchemes: WeakSchemePolicy = .allowed) {
        self.databases = databases
        self.weakSchemes = weakSchemes
        drivers = databases.map(\.driver)
    }

    /// Begins one login's way through them.
    public func begin(_ query: UserQuery, for purpose: ChainPurpose = .verification) -> ChainRun {
        ChainRun(query, drivers: drivers, purpose: purpose, weakSchemes: weakSchemes)
    }
}
