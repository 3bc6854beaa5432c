public import AuthDatabases

/// Answers the questions of ``MasterConnectionMachine``s: by the databases, the logins that wait, and the caches.
public final class MasterDesk: Sendable {
    private let directory: UserDirectory
    private let logins: LoginRegistry
    private let caches: [any AnswerCache]
    private let lookups: BackgroundLookups

    /// An answer, and what the log has to know.
    public struct Report: Sendable {
        public var answer: MasterAnswer
        public var log: [LogLine] = []
    }

    /// - Parameters:
    ///   - directory: knows the users.
    ///   - logins: those that wait for mail processes.
    ///   - caches: what CACHE-FLUSH empties.
    ///   - lookups: run what waits.
    public init(
        directory: UserDirectory, logins: LoginRegistry, caches: [any AnswerCache], lookups: BackgroundLookups
    ) {
        self.directory = directory
        self.logins = logins
        self.caches = caches
        self.lookups = lookups
    }

    /// Answers at once, on the caller's thread, or not at all.
    public func immediateReport(_ question: MasterQuestion) -> Report? {
        switch question {
        case .user(let query, let prefetched):
            directory.immediateRecord(query, prefetched: prefetched).map { Report(answer: .user($0.answer), log: $0.log) }
        case .password(let query):
            directory.immediatePassword(query).map { Report(answer: .password($0.answer), log: $0.log) }
        case .names:
            nil
        case .claim(let claim):
            Report(answer: .claim(logins.take(claim)))
        case .flushCaches(let users):
            Report(answer: .flushed(caches.reduce(0) { $0 + $1.forget(users) }))
        }
    }

    /// Answers, however long it takes; not for LIST, which is a ``listing()``.
    public func report(_ question: MasterQuestion) async -> Report {
        switch question {
        case .user(let query, let prefetched):
            let report = await directory.record(query, prefetched: prefetched)
            return Report(answer: .user(report.answer), log: report.log)
        case .password(let query):
            let report = await directory.password(query)
            return Report(answer: .password(report.answer), log: report.log)
        case .names, .claim, .flushCaches:
            return immediateReport(question) ?? Report(answer: .namesEnd(hasFailed: true))
        }
    }

    /// Finds the answer elsewhere and reports it from there; never on the caller's thread.
    public func report(_ question: MasterQuestion, _ receive: @escaping @Sendable (Report) -> Void) {
        lookups.start { receive(await self.report(question)) }
    }

    /// The same for the next names of a LIST.
    public func next(of listing: MasterListing, _ receive: @escaping @Sendable (Report) -> Void) {
        lookups.start { receive(await listing.next()) }
    }

    /// Everybody's names, as fast as they are wanted.
    public func listing() -> MasterListing {
        MasterListing(directory.listing())
    }
}

/// The answers to one LIST.
public struct MasterListing: Sendable {
    private let users: UserListing

    init(_ users: UserListing) {
        self.users = users
    }

    /// The next names, or the end.
    public func next() async -> MasterDesk.Report {
        switch await users.next() {
        case .names(let names): MasterDesk.Report(answer: .names(names))
        case .end(let log, let hasFailed): MasterDesk.Report(answer: .namesEnd(hasFailed: hasFailed), log: log)
        }
    }
}
