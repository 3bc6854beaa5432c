internal import AuthDatabases

/// Everybody's names, database by database.
actor UserListing {
    enum Part: Sendable, Hashable {
        case names([String])
        /// The end; what couldn't be read is in the log.
        case end(log: [LogLine], hasFailed: Bool)
    }

    private var databases: ArraySlice<any UserDatabase>
    private var current: (any UserNames)?
    private var isListable = false
    private var log: [LogLine] = []

    init(_ databases: [any UserDatabase]) {
        self.databases = databases[...]
    }

    func next() async -> Part {
        while true {
            let driver = databases.first?.driver ?? "userdb"
            do throws(DatabaseFailure) {
                if current == nil {
                    guard let database = databases.first else { return end }
                    current = try await database.names()
                }
                if var names = current {
                    isListable = true
                    let part = try await names.next()
                    current = names
                    if let part { return .names(part) }
                }
            } catch {
                isListable = true
                log.append(LogLine(.error, "\(driver): \(error.description)"))
            }
            current = nil
            databases = databases.dropFirst()
        }
    }

    private var end: Part {
        if !isListable {
            log.append(LogLine(.error, "Trying to iterate users, but userdbs don't support it"))
        }
        defer { log = [] }
        return .end(log: log, hasFailed: !log.isEmpty)
    }
}
