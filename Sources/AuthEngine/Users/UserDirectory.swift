public import AuthDatabases

/// Answers what mail servers ask about users beside logins, by the user databases and the password databases.
public final class UserDirectory: Sendable {
    private let databases: ProtocolTable<Databases>
    private let accounts: AccountLookups

    /// What is asked for the users of one protocol.
    public struct Databases: Sendable {
        let users: UserDatabaseChain
        let passwords: PasswordDatabaseChain
        let isVerbose: Bool

        /// - Parameters:
        ///   - users: the user databases in their order.
        ///   - passwords: the password databases, which PASS is about, and which know who exists.
        ///   - isVerbose: whether unknown users are logged.
        public init(users: UserDatabaseChain, passwords: PasswordDatabaseChain, isVerbose: Bool) {
            self.users = users
            self.passwords = passwords
            self.isVerbose = isVerbose
        }
    }

    /// An answer, and what the log has to know.
    struct Report<Answer: Sendable>: Sendable {
        var answer: Answer
        var log: [LogLine] = []
    }

    /// - Parameters:
    ///   - databases: what is asked for a lookup by the service that it names.
    ///   - accounts: turns names of accounts into numbers.
    public init(_ databases: ProtocolTable<Databases>, accounts: AccountLookups) {
        self.databases = databases
        self.accounts = accounts
    }

    private func databases(_ query: UserQuery) -> Databases { databases[query.service] }

    // MARK: Users

    /// Answers at once, or not at all.
    func immediateRecord(_ query: UserQuery, prefetched: [ExtraField]?) -> Report<UserVerdict>? {
        let databases = databases(query)
        let users = databases.users
        var run = users.begin(query, prefetched: prefetched)
        while true {
            switch run.next() {
            case .lookUp(let index):
                guard let result = users.links[index].database.immediateLookup(run.query) else { return nil }
                run.lookedUp(result)
            case .confirm:
                guard let report = immediatePassword(run.query) else { return nil }
                run.confirmed(UserConfirmation(report.answer))
            case .resolve:
                return nil
            case .finished(let verdict):
                return Report(answer: verdict, log: lines(verdict, query, databases.isVerbose))
            }
        }
    }

    func record(_ query: UserQuery, prefetched: [ExtraField]?) async -> Report<UserVerdict> {
        let databases = databases(query)
        let users = databases.users
        var run = users.begin(query, prefetched: prefetched)
        while true {
            switch run.next() {
            case .lookUp(let index): run.lookedUp(await users.links[index].database.lookup(run.query))
            case .confirm: run.confirmed(UserConfirmation(await password(run.query).answer))
            case .resolve(let reference): run.resolved(await accounts.numbers(of: reference))
            case .finished(let verdict): return Report(answer: verdict, log: lines(verdict, query, databases.isVerbose))
            }
        }
    }

    private func lines(_ verdict: UserVerdict, _ query: UserQuery, _ isVerbose: Bool) -> [LogLine] {
        let log = LookupLog(query)
        return verdict.records.compactMap { record in
            switch record.event {
            case .error(let text): log.line(.error, record.driver, record.user, text)
            case .unknownUser where verdict.outcome == .unknownUser && record.isVerbose ?? isVerbose:
                log.line(.info, record.driver, record.user, "unknown user")
            case .unknownUser: nil
            }
        }
    }

    // MARK: Passwords

    func immediatePassword(_ query: UserQuery) -> Report<PasswordRecord>? {
        let passwords = databases(query).passwords
        var run = passwords.begin(asked(query), for: .existence)
        while true {
            switch run.next() {
            case .lookUp:
                guard run.lookUpAtOnce() else { return nil }
            case .finished(let verdict): return report(verdict, query)
            case .verify, .verifyInVain, .derive, .deriveInVain: return nil
            }
        }
    }

    func password(_ query: UserQuery) async -> Report<PasswordRecord> {
        let passwords = databases(query).passwords
        var run = passwords.begin(asked(query), for: .existence)
        while true {
            switch run.next() {
            case .lookUp(let index): run.lookedUp(await passwords.links[index].database.lookup(run.query))
            case .finished(let verdict): return report(verdict, query)
            // Who is only asked for has no password to verify.
            case .verify, .verifyInVain, .derive, .deriveInVain: return Report(answer: .unavailable)
            }
        }
    }

    private func asked(_ query: UserQuery) -> UserQuery {
        var asked = query
        asked.mechanism = ""
        return asked
    }

    private func report(_ verdict: ChainVerdict, _ query: UserQuery) -> Report<PasswordRecord> {
        let log = LookupLog(query)
        var lines: [LogLine] = []
        for record in verdict.records {
            guard case .error(let text) = record.event else { continue }
            lines.append(log.line(.error, record.driver, record.user, text))
        }
        let answer: PasswordRecord =
            switch verdict.outcome {
            case .success: .found(user: verdict.user, fields: verdict.fields, userdbFields: verdict.userdbFields)
            case .internalFailure: .failed
            case .wrongPasswordOrUnknownUser where verdict.presence == .unreadable: .unavailable
            case .wrongPasswordOrUnknownUser where verdict.presence == .known:
                .barred(user: verdict.user, userdbFields: verdict.userdbFields)
            case .wrongPasswordOrUnknownUser, .disabled, .expired, .unauthorised: .unknown
            }
        return Report(answer: answer, log: lines)
    }

    // MARK: Everybody

    /// As in Dovecot, LIST is of no protocol, whatever service it names.
    func listing() -> UserListing {
        UserListing(databases.common.users.links.map(\.database))
    }
}

extension UserConfirmation {
    fileprivate init(_ record: PasswordRecord) {
        switch record {
        // Mail is delivered to whoever the rules keep from logging in.
        case .found(let user, _, let userdbFields), .barred(let user, let userdbFields): self = .known(user: user, userdbFields: userdbFields)
        case .unknown: self = .unknown
        case .unavailable: self = .unavailable
        case .failed: self = .failed
        }
    }
}
