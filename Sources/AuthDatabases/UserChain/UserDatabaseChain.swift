/// The user databases in the order in which they are asked, and the rules of each.
public struct UserDatabaseChain: Sendable {
    /// A database and its rules.
    public struct Link: Sendable {
        public let database: any UserDatabase
        public let rules: UserDatabaseRules

        public init(_ database: any UserDatabase, _ rules: UserDatabaseRules = UserDatabaseRules()) {
            self.database = database
            self.rules = rules
        }

        /// At the head of log lines.
        var name: String { rules.name.isEmpty ? database.driver : rules.name }
    }

    public let links: [Link]

    /// - Parameter links: in the order of the configuration; without any, everybody whom a password database knows has a
    ///   record without fields, as in Dovecot.
    public init(links: [Link]) {
        self.links = links.isEmpty ? [Link(StaticUserDatabase(fields: []))] : links
    }

    /// Databases with Dovecot's default rules.
    public init(_ databases: [any UserDatabase]) {
        self.init(links: databases.map { Link($0) })
    }

    /// Begins one lookup.
    ///
    /// - Parameter prefetched: what a password database has said in its `userdb_*` fields, without that prefix.
    public func begin(_ query: UserQuery, prefetched: [ExtraField]? = nil) -> UserChainRun {
        UserChainRun(query, links, prefetched: prefetched)
    }
}

/// What a `userdb` block says beside its driver: when the database is asked, and what its answer means.
///
/// The defaults are Dovecot's.
public struct UserDatabaseRules: Sendable, Hashable {
    /// When a database is passed over (`skip`); the first of all is always asked.
    public enum Skip: Sendable, Hashable {
        case never
        /// An earlier one has found the user.
        case ifFound
        /// None has.
        case ifNotFound
    }

    /// What follows from an answer; success is that the user was found.
    public typealias Action = DatabaseAction

    /// Stands at the head of log lines (`name`); empty for the driver's.
    public var name = ""
    public var skip = Skip.never
    public var onSuccess = Action.returnOK
    public var onFailure = Action.continue
    public var onInternalFailure = Action.continue
    /// Fields that are set before the database is asked, so that it can replace them (`default_fields`).
    public var defaultFields: [FieldTemplate] = []
    /// Fields that are set afterwards (`override_fields`).
    public var overrideFields: [FieldTemplate] = []
    /// Whether the database's own fields count (`fields_import_all`).
    public var importsAllFields = true
    /// Whether unknown users are logged, if it differs from the rest (`auth_verbose`).
    public var isVerbose: Bool?

    public init() {}
}
