/// What a chain of databases decided, and what each of them had to say.
public struct ChainVerdict: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        /// The password is right; the fields are for the mail server.
        case success(user: String, fields: [ExtraField])
        case wrongPasswordOrUnknownUser
        case disabled
        case expired
        case internalFailure
    }

    /// One database's say, for the log.
    public struct Record: Sendable, Hashable {
        public enum Event: Sendable, Hashable {
            case unknownUser
            case passwordMismatch
            case refused(PasswordRefusal)
            /// A condition of the entry is not met, as `allow_nets`; the text is Dovecot's.
            case conditionNotMet(String)
            /// The login succeeded with a password that is stored in this weak scheme.
            case weakScheme(String)
            /// The admin has to mend something.
            case error(String)
        }

        public var driver: String
        public var user: String
        public var event: Event
    }

    public var outcome: Outcome
    public var records: [Record]
}
