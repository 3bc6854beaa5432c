/// The databases in the order in which they are asked.
public struct PasswordDatabaseChain: Sendable {
    public let databases: [any PasswordDatabase]
    private let drivers: [String]

    public init(_ databases: [any PasswordDatabase]) {
        self.databases = databases
        drivers = databases.map(\.driver)
    }

    /// Begins one login's way through them.
    public func begin(_ query: UserQuery) -> ChainRun {
        ChainRun(query, drivers: drivers)
    }
}
