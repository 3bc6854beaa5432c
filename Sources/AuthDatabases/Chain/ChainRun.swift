public import PasswordSchemes

/// What a chain wants next.
public enum ChainStep: Sendable {
    /// Ask this database, and report with ``ChainRun/lookedUp(_:)``.
    case lookUp(Int)
    /// Verify the password against this one, and report with ``ChainRun/verified(_:)`` or
    /// ``ChainRun/verificationFailed(_:)``.
    case verify(StoredPassword)
    /// The same, for its cost alone.
    case verifyInVain(StoredPassword)
    case finished(ChainVerdict)
}

/// One login's way through the databases, with Dovecot's default rules, as a machine without I/O.
///
/// The first database where the password is right decides; a locked or expired account ends the search; at the end an
/// internal failure outweighs a wrong password. Whatever the outcome, one hash was computed, if any database has users
/// to learn its cost from: time does not tell who exists.
public struct ChainRun: Sendable {
    private enum Phase {
        case lookingUp
        case verifying(PasswordEntry)
        case verifyingInVain
        case finished
    }

    private let query: UserQuery
    private let drivers: [String]
    private var index = 0
    private var phase = Phase.lookingUp
    private var records: [ChainVerdict.Record] = []
    private var decoy: StoredPassword?
    private var hasHashed = false
    private var hasFailedInternally = false
    private var outcome: ChainVerdict.Outcome?

    init(_ query: UserQuery, drivers: [String]) {
        self.query = query
        self.drivers = drivers
    }

    /// What has to happen now; the same again until that is reported.
    public mutating func next() -> ChainStep {
        switch phase {
        case .verifying(let entry):
            return .verify(entry.password)
        case .lookingUp where index < drivers.count && outcome == nil:
            return .lookUp(index)
        case .lookingUp, .verifyingInVain:
            if !hasHashed, let decoy {
                phase = .verifyingInVain
                return .verifyInVain(decoy)
            }
            phase = .finished
            fallthrough
        case .finished:
            let last: ChainVerdict.Outcome = hasFailedInternally ? .internalFailure : .wrongPasswordOrUnknownUser
            return .finished(ChainVerdict(outcome: outcome ?? last, records: records))
        }
    }

    /// What the database of the last ``ChainStep/lookUp(_:)`` says.
    public mutating func lookedUp(_ lookup: PasswordLookup) {
        guard case .lookingUp = phase, index < drivers.count else { return }
        switch lookup {
        case .found(let entry):
            found(entry)
        case .unknownUser(let decoy):
            self.decoy = self.decoy ?? decoy
            record(.unknownUser)
            index += 1
        case .refused(let refusal, let decoy):
            self.decoy = self.decoy ?? decoy
            record(.refused(refusal))
            switch refusal {
            case .disabled: outcome = .disabled
            case .expired: outcome = .expired
            }
        case .unusable(let error, let decoy):
            self.decoy = self.decoy ?? decoy
            record(.error("\(error)"))
            index += 1
        case .failed(let failure):
            record(.error(failure.description))
            hasFailedInternally = true
            index += 1
        }
    }

    /// Whether the password of the last step was right.
    public mutating func verified(_ isCorrect: Bool) {
        hasHashed = true
        switch phase {
        case .verifying(let entry):
            phase = .lookingUp
            if isCorrect { judge(entry) } else { fail(.passwordMismatch) }
        case .verifyingInVain:
            phase = .finished
        case .lookingUp, .finished:
            return
        }
    }

    /// The password of the last step can't be verified at all.
    public mutating func verificationFailed(_ error: PasswordSchemeError) {
        hasHashed = true
        switch phase {
        case .verifying:
            phase = .lookingUp
            // A stored cost over the ceiling is the admin's to mend, not the user's password to change.
            if error.code == .tooCostly { hasFailedInternally = true }
            fail(.error("\(error)"))
        case .verifyingInVain:
            phase = .finished
        case .lookingUp, .finished:
            return
        }
    }

    private mutating func found(_ entry: PasswordEntry) {
        if EntryConditions.allowsAnyPassword(entry.fields) {
            if entry.hasEmptyPassword { return judge(entry) }
            record(.error("nopassword set but password is non-empty"))
        } else if entry.hasEmptyPassword {
            // An empty PLAIN password logs in with Dovecot; an unfinished line is no open door here.
            return fail(.passwordMismatch)
        }
        phase = .verifying(entry)
    }

    private mutating func judge(_ entry: PasswordEntry) {
        switch EntryConditions.judge(entry.fields, query) {
        case .allowed(let user, let fields):
            outcome = .success(user: user ?? entry.user ?? query.user, fields: fields)
            phase = .finished
        case .notMet(let text):
            fail(.conditionNotMet(text))
        case .unsupported(let name):
            hasFailedInternally = true
            fail(.error("extra field \"\(name)\" is not supported by Gatepost; remove it, or the user can't log in"))
        }
    }

    private mutating func fail(_ event: ChainVerdict.Record.Event) {
        record(event)
        index += 1
    }

    private mutating func record(_ event: ChainVerdict.Record.Event) {
        records.append(.init(driver: drivers[index], user: query.user, event: event))
    }
}
