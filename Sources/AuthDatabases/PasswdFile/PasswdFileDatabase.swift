public import PasswordSchemes
internal import Synchronization

/// Dovecot's passwd-file: `user:{SCHEME}hash:uid:gid:gecos:home:shell:extra fields`, one user a line.
///
/// A change of the file is seen by the next lookup, which waits for the new content, read off the event loop; lookups
/// that are answered meanwhile see the old. A file that is missing or can't be read is an internal failure: its users
/// are told to try again later, never that their passwords are wrong, and nobody who was removed lives on in a copy in
/// memory. Only a file that keeps changing while it is read leaves the old content in force until it holds still.
public final class PasswdFileDatabase: PasswordDatabase {
    public let driver = "passwd-file"

    private enum State: Sendable {
        case unread
        case loaded(PasswdFileSnapshot)
        /// Not to be tried again before the file changes.
        case failed(DatabaseFailure, FileIdentity)
    }

    private struct Content: Sendable {
        var state = State.unread
        var isReading = false
        /// Lookups that wait for the one reading.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let path: String
    private let defaultScheme: PasswordScheme
    private let usernameFormat: VariableTemplate?
    private let pool: BlockingPool
    private let notify: @Sendable (String) -> Void
    private let content = Mutex(Content())

    /// - Parameters:
    ///   - path: an absolute path.
    ///   - defaultScheme: of passwords that don't name theirs.
    ///   - usernameFormat: makes the name that is looked up from the name that logs in; nil to take it as it is.
    ///   - pool: where the file is read.
    ///   - notify: gets what the admin should know, such as names that stand twice, for the log at level error.
    public init(
        path: String, defaultScheme: PasswordScheme = .crypt, usernameFormat: VariableTemplate? = nil,
        pool: BlockingPool, notify: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.path = path
        self.defaultScheme = defaultScheme
        self.usernameFormat = usernameFormat
        self.pool = pool
        self.notify = notify
    }

    public func immediateLookup(_ query: UserQuery) -> PasswordLookup? {
        let identity: FileIdentity
        do throws(DatabaseFailure) {
            identity = try FileIdentity(path: path)
        } catch {
            return .failed(error)
        }
        switch content.withLock({ $0.state }) {
        case .loaded(let snapshot) where snapshot.identity == identity: return snapshot.lookup(key(query))
        case .failed(let failure, identity): return .failed(failure)
        default: return nil
        }
    }

    public func lookup(_ query: UserQuery) async -> PasswordLookup {
        if let answer = immediateLookup(query) { return answer }
        do throws(DatabaseFailure) {
            try await reload()
        } catch {
            return .failed(error)
        }
        switch content.withLock({ $0.state }) {
        case .loaded(let snapshot): return snapshot.lookup(key(query))
        case .failed(let failure, _): return .failed(failure)
        case .unread: return .failed(DatabaseFailure("\(path) could not be read"))
        }
    }

    private func key(_ query: UserQuery) -> String {
        usernameFormat?.expand(query) ?? query.user
    }

    /// Reads the file again, once for all who ask meanwhile.
    public func reload() async throws(DatabaseFailure) {
        let isReader = content.withLock { content in
            defer { content.isReading = true }
            return !content.isReading
        }
        guard isReader else {
            await withCheckedContinuation { continuation in
                let isDone = content.withLock { content in
                    if content.isReading { content.waiting.append(continuation) }
                    return !content.isReading
                }
                if isDone { continuation.resume() }
            }
            return
        }
        let result: Result<PasswdFileSnapshot, DatabaseFailure>
        do {
            result = try await pool.run { [path, defaultScheme] in Self.read(path, defaultScheme) }
        } catch {
            result = .failure(DatabaseFailure("\(path) can't be read now: too many lookups are waiting"))
        }
        let waiting = content.withLock { content in
            switch result {
            case .success(let snapshot):
                content.state = .loaded(snapshot)
            case .failure(let failure):
                // With no identity there is nothing to recognise the failure by: the next lookup tries again.
                if let identity = try? FileIdentity(path: path), !failure.mayPass {
                    content.state = .failed(failure, identity)
                } else if !failure.mayPass {
                    content.state = .unread
                }
            }
            content.isReading = false
            let waiting = content.waiting
            content.waiting = []
            return waiting
        }
        for continuation in waiting { continuation.resume() }
        switch result {
        case .success(let snapshot): report(snapshot)
        case .failure(let failure): throw failure
        }
    }

    private static func read(
        _ path: String, _ defaultScheme: PasswordScheme
    ) -> Result<PasswdFileSnapshot, DatabaseFailure> {
        Result { () throws(DatabaseFailure) in
            var generator = SystemRandomNumberGenerator()
            return PasswdFileSnapshot(
                try FileIdentity.read(path), defaultScheme: defaultScheme, seed: generator.next())
        }
    }

    private func report(_ snapshot: PasswdFileSnapshot) {
        for (user, line) in snapshot.duplicates {
            notify("passwd-file \(path):\(line): User \(user) exists more than once; the first line counts")
        }
    }

    // MARK: For the user database on the same file

    /// The file as it is now, if it needn't be read.
    func immediateSnapshot(_ query: UserQuery) -> Result<PasswdFileSnapshot, DatabaseFailure>? {
        let identity: FileIdentity
        do throws(DatabaseFailure) {
            identity = try FileIdentity(path: path)
        } catch {
            return .failure(error)
        }
        switch content.withLock({ $0.state }) {
        case .loaded(let snapshot) where snapshot.identity == identity: return .success(snapshot)
        case .failed(let failure, identity): return .failure(failure)
        default: return nil
        }
    }

    /// The file as it is now.
    func snapshot(_ query: UserQuery) async -> Result<PasswdFileSnapshot, DatabaseFailure> {
        if let known = immediateSnapshot(query) { return known }
        do throws(DatabaseFailure) {
            try await reload()
        } catch {
            return .failure(error)
        }
        switch content.withLock({ $0.state }) {
        case .loaded(let snapshot): return .success(snapshot)
        case .failed(let failure, _): return .failure(failure)
        case .unread: return .failure(DatabaseFailure("\(path) could not be read"))
        }
    }

    /// The file whose users can be listed.
    func listedSnapshot() async -> Result<PasswdFileSnapshot, DatabaseFailure> {
        await snapshot(UserQuery(user: ""))
    }
}
