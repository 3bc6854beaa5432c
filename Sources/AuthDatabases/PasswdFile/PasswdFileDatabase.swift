internal import Glibc
public import PasswordSchemes
internal import Synchronization

/// Dovecot's passwd-file: `user:{SCHEME}hash:uid:gid:gecos:home:shell:extra fields`, one user a line.
///
/// A change of the file is seen by the next lookup, which waits for the new content, read off the event loop. Who asks
/// for provisional answers gets them from the old content for a moment longer, see
/// ``PasswordEntry/isProvisional``: while a large file is read again, and for the few milliseconds after a look at the
/// file if very many ask; Dovecot looks once a second.
///
/// A file that is missing or can't be read is an internal failure: its users are told to try again later, never that
/// their passwords are wrong, and nobody who was removed lives on in a copy in memory. Only a file that keeps changing
/// while it is read, or for which there is no memory, leaves the old content in force until it can be read.
public final class PasswdFileDatabase: PasswordDatabase, PasswdFileSource {
    public let driver = "passwd-file"

    struct Content: Sendable {
        var state = PasswdFileState.unread
        /// Of the state, if that is loaded.
        var recent = RecentEntries(users: 0, seed: 0)
        var budget = LookBudget()
        /// When somebody saw that the file is not what was read, by the kernel's clock.
        var changed: Int64?
        var isReading = false
        /// Why the last reading failed; nil if it didn't.
        var lastFailure: DatabaseFailure?
        /// The log knows that old content stays in force.
        var isOldContentTold = false
        /// Lookups that wait for the one reading.
        var waiting: [CheckedContinuation<DatabaseFailure?, Never>] = []
        /// Who waits until users can be let in.
        var waitingForOutline: [CheckedContinuation<DatabaseFailure?, Never>] = []

        mutating func takeAllWaiting() -> [CheckedContinuation<DatabaseFailure?, Never>] {
            waiting.take() + waitingForOutline.take()
        }
    }

    /// For how long after a change old content may answer, in nanoseconds: as long as with Dovecot, which looks at the
    /// file once a second.
    private static let longestProvisional: Int64 = 1_000_000_000

    /// Where the file is.
    public let path: String
    private let defaultScheme: PasswordScheme
    let usernameFormat: VariableTemplate?
    private let fieldSyntax: VariableTemplate.Syntax
    private let pool: BlockingPool
    private let notify: @Sendable (String) -> Void
    let content = Mutex(Content())
    /// The tick of the kernel's clock in which the file was looked at often enough, and is as it was read.
    let quietTick = Atomic<Int64>(.min)
    /// The reading that is in force; 0 for none.
    let readingInForce = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - path: an absolute path.
    ///   - defaultScheme: of passwords that don't name theirs.
    ///   - usernameFormat: makes the name that is looked up from the name that logs in; nil to take it as it is.
    ///   - fieldSyntax: how variables in extra fields are written.
    ///   - pool: where the file is read.
    ///   - notify: gets what the admin should know, such as names that stand twice, for the log at level error.
    public init(
        path: String, defaultScheme: PasswordScheme = .crypt, usernameFormat: VariableTemplate? = nil,
        fieldSyntax: VariableTemplate.Syntax = .dovecot23, pool: BlockingPool,
        notify: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.path = path
        self.defaultScheme = defaultScheme
        // Usual, and no format at all.
        self.usernameFormat = usernameFormat == .user ? nil : usernameFormat
        self.fieldSyntax = fieldSyntax
        self.pool = pool
        self.notify = notify
    }

    public func immediateLookup(_ query: UserQuery) -> PasswordLookup? {
        let now = LookBudget.now()
        let name = key(query)
        if query.acceptsProvisional, let answer = answerUnseen(name, query, now) { return answer }
        let identity: FileIdentity
        do throws(DatabaseFailure) {
            identity = try FileIdentity(path: path)
        } catch {
            content.withLock { noteChange(&$0, at: now) }
            return .failed(error)
        }
        let (state, recent): (PasswdFileState, PasswordLookup?) = content.withLock { content in
            switch content.state {
            case .loaded(let snapshot) where snapshot.identity == identity:
                content.changed = nil
                return (content.state, content.recent.lookup(name, isProvisional: false))
            case .failed(_, identity): content.changed = nil
            case .outlined(let outline) where outline.identity == identity: content.changed = nil
            default: noteChange(&content, at: now)
            }
            return (content.state, nil)
        }
        if let recent { return recent.hasVariables ? expand(recent, query) : recent }
        switch state {
        case .loaded(let snapshot) where snapshot.identity == identity: return answer(snapshot, name, query)
        case .failed(let failure, identity): return .failed(failure)
        case .outlined(let outline) where outline.identity == identity:
            return outline.lookup(name).map { $0.hasVariables ? expand($0, query) : $0 }
        case .loaded(let snapshot) where query.acceptsProvisional: return answerMeanwhile(snapshot, name, query, now)
        default: return nil
        }
    }

    /// Nobody is answered without a look at the file from here on.
    func noteChange(_ content: inout Content, at now: Int64) {
        content.changed = content.changed ?? now
        quietTick.store(.min, ordering: .releasing)
    }

    /// Answers without a look at the file, if it was looked at often enough just now.
    private func answerUnseen(_ name: String, _ query: UserQuery, _ now: Int64) -> PasswordLookup? {
        var snapshot: PasswdFileSnapshot?
        let recent: PasswordLookup? = content.withLock { content in
            guard !content.budget.take(at: now), content.changed == nil else { return nil }
            quietTick.store(now, ordering: .releasing)
            if let recent = content.recent.lookup(name, isProvisional: true) { return recent }
            if case .loaded(let current) = content.state { snapshot = current }
            return nil
        }
        if let recent { return recent.hasVariables ? expand(recent, query) : recent }
        return snapshot.flatMap { answerProvisionally($0, name, query) }
    }

    /// Answers from the old content while the new is read, if that takes its time.
    private func answerMeanwhile(
        _ snapshot: PasswdFileSnapshot, _ name: String, _ query: UserQuery, _ now: Int64
    ) -> PasswordLookup? {
        guard snapshot.isLarge else { return nil }
        let isRecent = content.withLock { content in
            content.changed.map { now - $0 <= Self.longestProvisional } ?? true
        }
        guard isRecent else { return nil }
        // If it can't be read now, somebody else will see to it before the old content is too old.
        try? startReading()
        return answerProvisionally(snapshot, name, query)
    }

    /// Only what lets somebody in is answered provisionally: that a user isn't there, the new content has to say.
    private func answerProvisionally(
        _ snapshot: PasswdFileSnapshot, _ name: String, _ query: UserQuery
    ) -> PasswordLookup? {
        guard case .found(var entry) = answer(snapshot, name, query) else { return nil }
        entry.isProvisional = true
        return .found(entry)
    }

    public func lookup(_ query: UserQuery) async -> PasswordLookup {
        var failure: DatabaseFailure?
        // What was being read already may be older than the change that this lookup has to see.
        for _ in 0..<3 {
            if let answer = immediateLookup(query) { return answer }
            do throws(DatabaseFailure) {
                try await reload()
                failure = nil
            } catch {
                guard error.mayPass else { return .failed(error) }
                failure = error
            }
        }
        switch known(after: failure) {
        case .success(let snapshot): return answer(snapshot, key(query), query)
        case .failure(let failure): return .failed(failure)
        }
    }

    /// What there is after the file was read, or could not be.
    private func known(after failure: DatabaseFailure?) -> Result<PasswdFileSnapshot, DatabaseFailure> {
        switch content.withLock({ $0.state }) {
        case .loaded(let snapshot):
            if let failure { tellOfOldContent(failure) }
            return .success(snapshot)
        case .failed(let failure, _): return .failure(failure)
        case .unread, .outlined: return .failure(failure ?? DatabaseFailure("\(path) could not be read"))
        }
    }

    /// Says once why the old content stays in force, not at every login.
    private func tellOfOldContent(_ failure: DatabaseFailure) {
        let isNew = content.withLock { content in
            defer { content.isOldContentTold = true }
            return !content.isOldContentTold
        }
        if isNew { notify("passwd-file: \(failure); the users that were read before stay in force") }
    }

    private func answer(_ snapshot: PasswdFileSnapshot, _ name: String, _ query: UserQuery) -> PasswordLookup {
        let lookup = snapshot.lookup(name)
        if case .found(let entry) = lookup {
            content.withLock { content in
                guard case .loaded(let current) = content.state, current === snapshot else { return }
                content.recent.remember(entry, of: name)
            }
        }
        return lookup.hasVariables ? expand(lookup, query) : lookup
    }

    private func expand(_ lookup: PasswordLookup, _ query: UserQuery) -> PasswordLookup {
        do throws(DatabaseFailure) {
            switch lookup {
            case .found(var entry):
                for index in entry.fields.indices { try entry.fields[index].expand(fieldSyntax, query) }
                return .found(entry)
            case .unusable(let error, var fields, let hasEmptyPassword, let decoy):
                for index in fields.indices { try fields[index].expand(fieldSyntax, query) }
                return .unusable(error, fields: fields, hasEmptyPassword: hasEmptyPassword, decoy: decoy)
            default:
                return lookup
            }
        } catch {
            return .failed(error)
        }
    }

    private func key(_ query: UserQuery) -> String {
        usernameFormat?.expand(query) ?? query.user
    }

    // MARK: Reading

    /// Reads the file again, once for all who ask meanwhile.
    public func reload() async throws(DatabaseFailure) {
        try await read(untilOutlined: false)
    }

    /// Has the file read, and returns as soon as users can be let in.
    ///
    /// If it is large it is not all in memory then: logins of others than its users, and the user database, wait for that.
    public func prepare() async throws(DatabaseFailure) {
        try await read(untilOutlined: true)
    }

    private func read(untilOutlined: Bool) async throws(DatabaseFailure) {
        do throws(BlockingPool.Overloaded) {
            try startReading(outlining: untilOutlined)
        } catch {
            throw DatabaseFailure("\(path) can't be read now: too many lookups are waiting")
        }
        let failure: DatabaseFailure? = await withCheckedContinuation { continuation in
            let last: DatabaseFailure?? = content.withLock { content in
                if content.isReading {
                    if !untilOutlined { content.waiting.append(continuation) } else {
                        if content.state.isOutlined { return .some(nil) }
                        content.waitingForOutline.append(continuation)
                    }
                    return nil
                }
                // It was read between the two locks.
                return .some(content.lastFailure)
            }
            if let last { continuation.resume(returning: last) }
        }
        if let failure { throw failure }
    }

    /// Has the pool read the file, unless it does already.
    ///
    /// - Parameter outlining: whether to let users in before a large file is in memory.
    private func startReading(outlining: Bool = false) throws(BlockingPool.Overloaded) {
        let isReader = content.withLock { content in
            defer { content.isReading = true }
            return !content.isReading
        }
        guard isReader else { return }
        do throws(BlockingPool.Overloaded) {
            try pool.start {
                if outlining { self.outline() }
                self.finish(self.read())
            }
        } catch {
            let waiting = content.withLock { content in
                content.isReading = false
                return content.takeAllWaiting()
            }
            let failure = DatabaseFailure("\(path) can't be read now: too many lookups are waiting")
            for continuation in waiting { continuation.resume(returning: failure) }
            throw error
        }
    }

    /// Lets users in before all of a large file is in memory, if there is nothing yet that could answer.
    private func outline() {
        guard content.withLock({ if case .unread = $0.state { true } else { false } }) else { return }
        guard let identity = try? FileIdentity(path: path), identity.size >= PasswdFileOutline.smallestFile,
            let outline = PasswdFileOutline(path: path, defaultScheme: defaultScheme, seed: .random(in: .min ... .max))
        else { return }
        let waiting = content.withLock { content in
            content.state = .outlined(outline)
            return content.waitingForOutline.take()
        }
        for continuation in waiting { continuation.resume(returning: nil) }
    }

    private func read() -> Result<PasswdFileSnapshot, DatabaseFailure> {
        Result { () throws(DatabaseFailure) in
            var generator = SystemRandomNumberGenerator()
            let content = try PasswdFileContent(reading: path)
            let size = content.identity.size
            guard let snapshot = PasswdFileSnapshot(content, defaultScheme: defaultScheme, seed: generator.next()) else {
                throw DatabaseFailure.withoutMemory(for: path, size: size)
            }
            return snapshot
        }
    }

    private func finish(_ result: Result<PasswdFileSnapshot, DatabaseFailure>) {
        if case .success(let snapshot) = result { report(snapshot) }
        let failure: DatabaseFailure? = if case .failure(let failure) = result { failure } else { nil }
        // The old content must not be let go of within the lock: wiping it takes its time.
        let (waiting, old) = content.withLock { content in
            let old = (content.state, content.recent)
            quietTick.store(.min, ordering: .releasing)
            switch result {
            case .success(let snapshot):
                content.state = .loaded(snapshot)
                content.recent = RecentEntries(users: snapshot.userCount, seed: .random(in: .min ... .max))
                content.changed = nil
                content.isOldContentTold = false
                readingInForce.store(snapshot.reading, ordering: .releasing)
            case .failure(let failure):
                // With no identity there is nothing to recognise the failure by: the next lookup tries again.
                if !failure.mayPass {
                    let identity = try? FileIdentity(path: path)
                    content.state = identity.map { .failed(failure, $0) } ?? .unread
                    content.recent = RecentEntries(users: 0, seed: 0)
                    readingInForce.store(0, ordering: .releasing)
                }
            }
            content.isReading = false
            content.lastFailure = failure
            return (content.takeAllWaiting(), old)
        }
        for continuation in waiting { continuation.resume(returning: failure) }
        // Whoever had the file prepared was told that all is well.
        if let failure, failure.mayPass, old.0.isOutlined { tellOfOldContent(failure) }
        // Nor must an event loop that answers from it just now be the last to let go: its answer will soon be done.
        if old.0.isLarge { usleep(10_000) }
        withExtendedLifetime(old) {}
    }

    private func report(_ snapshot: PasswdFileSnapshot) {
        for (user, line) in snapshot.duplicates {
            notify("passwd-file \(path):\(line): User \(user) exists more than once; the first line counts")
        }
    }

    // MARK: For the user database on the same file

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

    func snapshot(_ query: UserQuery) async -> Result<PasswdFileSnapshot, DatabaseFailure> {
        if let known = immediateSnapshot(query) { return known }
        do throws(DatabaseFailure) {
            try await reload()
        } catch {
            return error.mayPass ? known(after: error) : .failure(error)
        }
        return known(after: nil)
    }

    func listedSnapshot() async throws(DatabaseFailure) -> PasswdFileSnapshot {
        try await snapshot(UserQuery(user: "")).get()
    }
}

extension PasswordLookup {
    fileprivate var hasVariables: Bool {
        switch self {
        case .found(let entry): entry.fields.contains(where: \.hasVariables)
        case .unusable(_, let fields, _, _): fields.contains(where: \.hasVariables)
        default: false
        }
    }
}

extension Array {
    /// Empties it, and returns what was in it.
    fileprivate mutating func take() -> [Element] {
        defer { self = [] }
        return self
    }
}
