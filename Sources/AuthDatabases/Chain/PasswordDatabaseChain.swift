/// The databases in the order in which they are asked, and the rules of each; shared by all logins.
public final class PasswordDatabaseChain: Sendable {
    /// A database and its rules; shared by all logins, so that none copies them.
    public final class Link: Sendable {
        public let database: any PasswordDatabase
        public let rules: PasswordDatabaseRules
        /// At the head of log lines.
        public let name: String

        public init(_ database: any PasswordDatabase, _ rules: PasswordDatabaseRules = PasswordDatabaseRules()) {
            self.database = database
            self.rules = rules
            name = rules.name.isEmpty ? database.driver : rules.name
        }

        /// Here, so that the database is asked where it lies, without a copy.
        func immediateLookup(_ query: UserQuery) -> PasswordLookup? { database.immediateLookup(query) }
    }

    /// What every login asks of a database's rules, by value: to take a link from the list costs a reference count,
    /// which all threads share.
    struct Traits: Sendable {
        /// Whether nothing is said that would have to be looked at before or after a lookup.
        let isPlain: Bool
        let isDenying: Bool
        private let onSuccess, onFailure, onInternalFailure: PasswordDatabaseRules.Action

        init(_ rules: PasswordDatabaseRules) {
            isPlain =
                rules.skip == .never && rules.mechanisms == nil && rules.usernameFilter.isEmpty && !rules.isDenying
                && rules.defaultFields.isEmpty && rules.overrideFields.isEmpty
            isDenying = rules.isDenying
            (onSuccess, onFailure) = (rules.onSuccess, rules.onFailure)
            onInternalFailure = rules.onInternalFailure
        }

        func action(after result: LookupResult) -> PasswordDatabaseRules.Action {
            switch result {
            case .success: onSuccess
            case .failure: onFailure
            case .internalFailure: onInternalFailure
            // Such an entry contributes its fields, and nothing else.
            case .noAuthentication: .continue
            }
        }
    }

    /// What becomes of master users' wishes to log in as somebody whom no database knows.
    public enum UnknownTargetPolicy: Sendable, Hashable {
        case refused
        /// As in Dovecot.
        case allowed
    }

    /// First those of ordinary logins, then those of master users.
    public let links: [Link]
    /// Of ``links``, in their order.
    let traits: [Traits]
    /// How many of them are for ordinary logins.
    let ordinaryCount: Int
    /// What becomes of weakly stored passwords.
    public let weakSchemes: WeakSchemePolicy
    let unknownTargets: UnknownTargetPolicy
    package let clock: DelayClock

    /// Whether anybody can log in as somebody else.
    public var hasMasters: Bool { ordinaryCount < links.count }

    /// - Parameters:
    ///   - links: in the order of the configuration, those for master users among them.
    ///   - weakSchemes: what becomes of weakly stored passwords.
    ///   - unknownTargets: what becomes of a master user's login as somebody unknown.
    ///   - clock: for `delay_until`.
    public init(
        links: [Link], weakSchemes: WeakSchemePolicy = .allowed, unknownTargets: UnknownTargetPolicy = .refused,
        clock: DelayClock = .system
    ) {
        // Nobody is authenticated before the first: Dovecot leaves such a one out, too.
        let ordinary = links.filter { !$0.rules.isMaster }.drop { $0.rules.skip == .ifUnauthenticated }
        let masters = links.filter { $0.rules.isMaster }.drop { $0.rules.skip == .ifUnauthenticated }
        self.links = Array(ordinary) + masters
        traits = self.links.map { Traits($0.rules) }
        ordinaryCount = ordinary.count
        self.weakSchemes = weakSchemes
        self.unknownTargets = unknownTargets
        self.clock = clock
    }

    /// Databases with Dovecot's default rules.
    public convenience init(_ databases: [any PasswordDatabase], weakSchemes: WeakSchemePolicy = .allowed) {
        self.init(links: databases.map { Link($0) }, weakSchemes: weakSchemes)
    }

    /// Begins one login's way through them; with ``UserQuery/loginUser`` through those for master users.
    public func begin(_ query: UserQuery, for purpose: ChainPurpose = .verification) -> ChainRun {
        ChainRun(query, self, purpose: purpose)
    }
}
