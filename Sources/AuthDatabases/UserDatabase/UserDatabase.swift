/// Where is known what a mail server needs of a user beside the password: ids, home directory, quota.
///
/// The protocol that an embedder implements to bring users of its own:
///
/// ```swift
/// struct MyMailboxes: UserDatabase {
///     let driver = "my-mailboxes"
///     let table: MailboxTable
///
///     func lookup(_ query: UserQuery) async -> UserLookup {
///         do {
///             guard let mailbox = try await table.mailbox(of: query.user) else { return .unknownUser }
///             return .found(UserRecord(fields: [
///                 ExtraField("uid", "5000"), ExtraField("gid", "5000"), ExtraField("home", mailbox.path),
///             ]))
///         } catch {
///             return .failed(DatabaseFailure("the mailbox table can't be reached"))
///         }
///     }
/// }
/// ```
public protocol UserDatabase: Sendable {
    /// Stands at the head of log lines: `passwd-file(alice,192.0.2.1): unknown user`.
    var driver: String { get }

    /// The variables that an answer depends on, if it may be remembered (`auth_cache_size`); nil, the default, if not.
    var cacheKey: VariableTemplate? { get }

    /// Answers at once, or nil if ``lookup(_:)`` has to be asked.
    ///
    /// It is called on an event loop and must not wait for anything. The default is nil.
    func immediateLookup(_ query: UserQuery) -> UserLookup?

    /// Answers, however long it takes; the lookup fails temporarily if that is too long.
    func lookup(_ query: UserQuery) async -> UserLookup

    /// Begins to list everybody; nil, the default, if the database can't.
    ///
    /// - Throws: ``DatabaseFailure`` if the names can't be read.
    func names() async throws(DatabaseFailure) -> (any UserNames)?

    /// Reads again what was read before, for SIGHUP; keeps the old if the new can't be read. The default does nothing.
    ///
    /// - Throws: ``DatabaseFailure`` if the new can't be read.
    func reload() async throws(DatabaseFailure)
}

extension UserDatabase {
    public var cacheKey: VariableTemplate? { nil }

    public func immediateLookup(_ query: UserQuery) -> UserLookup? { nil }

    public func names() async throws(DatabaseFailure) -> (any UserNames)? { nil }

    public func reload() async throws(DatabaseFailure) {}
}

/// The names of a database's users, some at a time, as fast as they are wanted.
public protocol UserNames: Sendable {
    /// The next names, at most about a thousand; nil at the end.
    ///
    /// - Throws: ``DatabaseFailure`` if the rest can't be read.
    mutating func next() async throws(DatabaseFailure) -> [String]?
}
