/// What a chain of databases decided, and what each of them had to say.
public struct ChainVerdict: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        /// The password is right.
        case success
        case wrongPasswordOrUnknownUser
        /// The password is right, but the account is locked.
        case disabled
        /// The password is right, but it or the account has expired.
        case expired
        /// A master user's password is right, but the login as the wanted user is not to be.
        case unauthorised
        case internalFailure
    }

    /// What a lookup that is no login learns of a user whom the rules don't let in.
    public enum Presence: Sendable, Hashable {
        case unknown
        /// The last database that was asked knows the user.
        case known
        /// The user has a password of an unknown scheme.
        case unreadable
    }

    /// One database's say, for the log.
    public struct Record: Sendable, Hashable {
        public enum Event: Sendable, Hashable {
            case unknownUser
            case passwordMismatch
            case refused(PasswordRefusal)
            /// The user stands in a database that keeps users out.
            case denied
            /// A condition of the entry is not met, as `allow_nets`; the text is Dovecot's.
            case conditionNotMet(String)
            /// A master user's password was right, and the login goes on as this user.
            case masterLogin(as: String)
            /// The login succeeded with a password that is stored in this weak scheme.
            case weakScheme(String)
            /// The admin has to mend something.
            case error(String)
        }

        /// The database's name.
        public var driver: String
        public var user: String
        /// Whether the user was asked about as a master user.
        public var isMaster: Bool
        /// Whether failures of this database are logged, if it has a rule of its own for that.
        public var isVerbose: Bool?
        /// Whether there is another database behind it.
        public var hasNext: Bool
        public var event: Event

        public init(
            driver: String, user: String, isMaster: Bool = false, isVerbose: Bool? = nil, hasNext: Bool = false,
            event: Event
        ) {
            self.driver = driver
            self.user = user
            self.isMaster = isMaster
            self.isVerbose = isVerbose
            self.hasNext = hasNext
            self.event = event
        }
    }

    public var outcome: Outcome
    /// The name as the databases have it: as whom to log in.
    public var user: String
    /// Who logs in as that user, if that is somebody else.
    public var masterUser: String?
    /// For the mail server, whatever the outcome.
    public var fields: [ExtraField] = []
    /// For the prefetch userdb, without their prefix `userdb_`; nil if no database had any.
    public var userdbFields: [ExtraField]?
    /// Seconds since 1970 until when a success is held back (`delay_until`).
    public var delayUntil: Int?
    /// Whether a failure is told at once (`nodelay`).
    public var isUndelayed = false
    public var presence = Presence.unknown
    /// Whether a challenge may be compared with what was last derived.
    public var hasCredential = false
    public var records: [Record]
}
