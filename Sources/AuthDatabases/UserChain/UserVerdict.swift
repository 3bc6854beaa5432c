/// What a chain of user databases decided, and what each of them had to say.
public struct UserVerdict: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        /// The name as the databases have it, and what is known of the user.
        case found(user: String, fields: [ExtraField])
        case unknownUser
        /// It could not be found out; the reason is the admin's word to the mail user (`userdb_reason`).
        case failed(reason: String?)
    }

    /// One database's say, for the log.
    public struct Record: Sendable, Hashable {
        public enum Event: Sendable, Hashable {
            case unknownUser
            /// The admin has to mend something.
            case error(String)
        }

        /// The database's name.
        public var driver: String
        public var user: String
        /// Whether unknown users of this database are logged, if it has a rule of its own for that.
        public var isVerbose: Bool?
        public var event: Event
    }

    public var outcome: Outcome
    public var records: [Record]

    public init(outcome: Outcome, records: [Record] = []) {
        self.outcome = outcome
        self.records = records
    }
}
