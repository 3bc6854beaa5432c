/// The system's own users: /etc/passwd, or whatever the name service has (getpwnam(3)).
public struct PasswdUserDatabase: UserDatabase {
    public let driver = "passwd"
    public let cacheKey: VariableTemplate? = .user
    private let pool: BlockingPool
    private let listed: ListedAccounts

    /// The accounts that are people, not services: those that LIST tells.
    public struct ListedAccounts: Sendable, Hashable {
        /// `first_valid_uid` and `last_valid_uid`.
        public var userIDs: Range<UInt64>
        /// `first_valid_gid` and `last_valid_gid`.
        public var groupIDs: Range<UInt64>

        /// Dovecot's defaults; an id has 32 bits.
        public init(userIDs: Range<UInt64> = 500..<1 << 32, groupIDs: Range<UInt64> = 1..<1 << 32) {
            self.userIDs = userIDs
            self.groupIDs = groupIDs
        }
    }

    /// - Parameters:
    ///   - pool: where the name service is asked.
    ///   - listed: who is told by LIST.
    public init(pool: BlockingPool, listed: ListedAccounts = ListedAccounts()) {
        self.pool = pool
        self.listed = listed
    }

    public func lookup(_ query: UserQuery) async -> UserLookup {
        let name = query.user
        do {
            return try await pool.run { Self.lookup(name) }
        } catch {
            return .failed(Self.overloaded)
        }
    }

    private static func lookup(_ name: String) -> UserLookup {
        do throws(DatabaseFailure) {
            guard let user = try SystemUser(named: name) else { return .unknownUser }
            return .found(
                UserRecord(
                    user: user.name,
                    fields: [
                        ExtraField("system_groups_user", user.name), ExtraField("uid", "\(user.userID)"),
                        ExtraField("gid", "\(user.groupID)"), ExtraField("home", user.home),
                    ]))
        } catch {
            return .failed(error)
        }
    }

    public func names() async throws(DatabaseFailure) -> (any UserNames)? {
        let listed = listed
        do {
            let names = try await pool.run {
                SystemUser.list {
                    listed.userIDs.contains(UInt64($0.userID)) && listed.groupIDs.contains(UInt64($0.groupID))
                }
            }
            return KnownUserNames(names)
        } catch {
            throw Self.overloaded
        }
    }

    private static let overloaded = DatabaseFailure("passwd can't be asked now: too many lookups are waiting")
}

/// Names that are all known already.
public struct KnownUserNames: UserNames {
    private var names: [String]?

    public init(_ names: [String]) {
        self.names = names
    }

    public mutating func next() async throws(DatabaseFailure) -> [String]? {
        names.take()
    }
}
