public import AuthDatabases
public import DovecotAuthProtocol

/// What the owner of a ``MasterConnectionMachine`` has to do after an event.
public enum MasterAction: Sendable, Hashable {
    case nothing
    /// Send it.
    case reply(MasterReply)
    /// Have it answered, and report with ``MasterConnectionMachine/answered(_:_:at:)``.
    case ask(MasterTicket, MasterQuestion)
    /// Send what was replied so far, then close.
    case close
}

/// Names one question; a late answer to a question that nobody asks any more is recognised by it.
public struct MasterTicket: Sendable, Hashable {
    public let serial: UInt64
}

/// What a command needs to know.
public enum MasterQuestion: Sendable, Hashable {
    /// Where a user's mail is; with what a login brought along, if there was one.
    case user(UserQuery, prefetched: [ExtraField]?)
    /// What the password databases have of a user.
    case password(UserQuery)
    /// Everybody's names, as many as come at once; the same ticket asks again for the next ones.
    case names
    /// The login that a mail process wants to take over.
    case claim(LoginClaim)
    /// How many remembered answers were forgotten, of these users or of all.
    case flushCaches([String])
}

/// The answer.
public enum MasterAnswer: Sendable, Hashable {
    case user(UserVerdict)
    case password(PasswordRecord)
    case names([String])
    case namesEnd(hasFailed: Bool)
    case claim(LoginRegistry.ClaimOutcome)
    case flushed(Int)
}
