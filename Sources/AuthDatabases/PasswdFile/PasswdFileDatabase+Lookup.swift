internal import Synchronization

extension PasswdFileDatabase: PasswordDatabase {
    /// For how long after a change old content may answer, in nanoseconds: as long as with Dovecot, which looks at the
    /// file once a second.
    private static let longestProvisional: Int64 = 1_000_000_000

    public func immediateLookup(_ query: UserQuery) -> PasswordLookup? {
        let now = LookBudget.now()
        let name = key(query)
        var known = look(at: now, isSparing: query.acceptsProvisional) { Known(of: name, $0, $1) }
        if case .state(let state, .unseen) = known {
            if case .loaded(let snapshot) = state, let answer = answerProvisionally(snapshot, name, query) { return answer }
            known = look(at: now, isSparing: false) { Known(of: name, $0, $1) }
        }
        switch known {
        case .recent(let recent): return expandIfNeeded(recent, query)
        case .state(_, .hidden(let failure)): return .failed(failure)
        case .state(.loaded(let snapshot), .unchanged): return answer(snapshot, name, query)
        case .state(.failed(let failure, _), .unchanged): return .failed(failure)
        case .state(.outlined(let outline), .unchanged): return outline.lookup(name).map { expandIfNeeded($0, query) }
        case .state(.loaded(let snapshot), .changed) where query.acceptsProvisional:
            return answerMeanwhile(snapshot, name, query, now)
        default: return nil
        }
    }

    /// What a look at the file leaves to do for a user.
    private enum Known {
        /// Nothing: the user logged in lately.
        case recent(PasswordLookup)
        case state(PasswdFileState, Sight)

        init(of name: String, _ content: Content, _ sight: Sight) {
            let isProvisional = if case .unseen = sight { true } else { false }
            if sight.isUnchanged, let recent = content.recent.lookup(name, isProvisional: isProvisional) {
                self = .recent(recent)
            } else {
                self = .state(content.state, sight)
            }
        }
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

    private func answer(_ snapshot: PasswdFileSnapshot, _ name: String, _ query: UserQuery) -> PasswordLookup {
        let lookup = snapshot.lookup(name)
        if case .found(let entry) = lookup {
            content.withLock { content in
                guard case .loaded(let current) = content.state, current === snapshot else { return }
                content.recent.remember(entry, of: name)
            }
        }
        return expandIfNeeded(lookup, query)
    }

    private func expandIfNeeded(_ lookup: PasswordLookup, _ query: UserQuery) -> PasswordLookup {
        guard lookup.hasVariables else { return lookup }
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
