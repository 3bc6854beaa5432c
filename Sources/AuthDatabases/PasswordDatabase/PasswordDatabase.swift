public import PasswordSchemes

/// Where passwords are stored: the protocol that an embedder implements to bring users of its own.
///
/// ```swift
/// struct MyUsers: PasswordDatabase {
///     let driver = "my-users"
///     let table: UserTable
///
///     func lookup(_ query: UserQuery) async -> PasswordLookup {
///         do {
///             guard let hash = try await table.passwordHash(of: query.user) else { return .unknownUser(decoy: nil) }
///             return .found(PasswordEntry(password: try StoredPassword(parsing: hash.utf8.span, defaultScheme: .crypt)))
///         } catch {
///             return .failed(DatabaseFailure("the user table can't be reached"))
///         }
///     }
/// }
/// ```
public protocol PasswordDatabase: Sendable {
    /// Stands at the head of log lines: `passwd-file(alice,192.0.2.1): unknown user`.
    var driver: String { get }

    /// Answers at once, or nil if ``lookup(_:)`` has to be asked.
    ///
    /// It is called on an event loop and must not wait for anything. The default is nil.
    func immediateLookup(_ query: UserQuery) -> PasswordLookup?

    /// Answers, however long it takes; the login fails temporarily if that is too long.
    func lookup(_ query: UserQuery) async -> PasswordLookup

    /// What an answer depends on, for databases whose answers may be remembered (`auth_cache_size`): usually the user's
    /// name, ``VariableTemplate/user``. The default is nil: nothing is remembered.
    var cacheKey: VariableTemplate? { get }

    /// A stored password of the kind that the database's users have, if one is known; for users of whom a cache says
    /// that there are none. The default is nil.
    var decoy: StoredPassword? { get }

    /// Reads again what was read before, for SIGHUP; keeps the old if the new can't be read. The default does nothing.
    ///
    /// - Throws: ``DatabaseFailure`` if the new can't be read.
    func reload() async throws(DatabaseFailure)

    /// Reads what it needs for the first logins, before a server starts. Other than ``reload()`` this may end before
    /// everything is read. The default reloads.
    ///
    /// - Throws: ``DatabaseFailure`` if it can't be read.
    func prepare() async throws(DatabaseFailure)
}

extension PasswordDatabase {
    public func immediateLookup(_ query: UserQuery) -> PasswordLookup? { nil }

    public var cacheKey: VariableTemplate? { nil }

    public var decoy: StoredPassword? { nil }

    public func reload() async throws(DatabaseFailure) {}

    public func prepare() async throws(DatabaseFailure) { try await reload() }
}
