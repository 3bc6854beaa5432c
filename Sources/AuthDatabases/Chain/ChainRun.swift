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
    /// Make of this what a challenge-response mechanism needs, and report with ``ChainRun/derived(refusal:)``.
    case derive(StoredPassword)
    /// The same, for its cost alone.
    case deriveInVain(StoredPassword)
    case finished(ChainVerdict)
}

/// What a login needs the databases for.
public enum ChainPurpose: Sendable, Hashable {
    /// To say whether a password is right.
    case verification
    /// To show what is stored, for a mechanism that never sees the password.
    case credentials
}

/// What becomes of passwords that are stored in a scheme which Dovecot 2.4 calls weak.
public enum WeakSchemePolicy: Sendable, Hashable {
    /// They are verified, and the admin is warned.
    case allowed
    /// They are an error of the admin's: the login fails temporarily, as in Dovecot 2.4.
    case refused
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
        case deriving(PasswordEntry)
        case finished
    }

    private let query: UserQuery
    private let drivers: [String]
    private let purpose: ChainPurpose
    private let weakSchemes: WeakSchemePolicy
    private var index = 0
    private var phase = Phase.lookingUp
    private var records: [ChainVerdict.Record] = []
    private var decoy: StoredPassword?
    private var hasHashed = false
    private var hasFailedInternally = false
    private var outcome: ChainVerdict.Outcome?

    init(_ query: UserQuery, drivers: [String], purpose: ChainPurpose, weakSchemes: WeakSchemePolicy) {
        self.query = query
        self.drivers = drivers
        self.purpose = purpose
        self.weakSchemes = weakSchemes
    }

    /// What has to happen now; the same again until that is reported.
    public mutating func next() -> ChainStep {
        switch phase {
        case .verifying(let entry):
            return .verify(entry.password)
        case .deriving(let entry):
            return .derive(entry.password)
        case .lookingUp where index < drivers.count && outcome == nil:
            return .lookUp(index)
        case .lookingUp, .verifyingInVain:
            if !hasHashed, let decoy {
                phase = .verifyingInVain
                return purpose == .verification ? .verifyInVain(decoy) : .deriveInVain(decoy)
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
        case .lookingUp, .deriving, .finished:
            return
        }
    }

    /// Whether the mechanism can use the password of the last step; if not, the refusal says for the log why.
    public mutating func derived(refusal: String?) {
        hasHashed = true
        switch phase {
        case .deriving(let entry):
            phase = .lookingUp
            if let refusal { fail(.conditionNotMet(refusal)) } else { judge(entry) }
        case .verifyingInVain:
            phase = .finished
        case .lookingUp, .verifying, .finished:
            return
        }
    }

    /// The password of the last step can't be verified, or used, at all.
    public mutating func verificationFailed(_ error: PasswordSchemeError) {
        hasHashed = true
        switch phase {
        case .verifying, .deriving:
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
        if entry.password.isWeak, !entry.hasEmptyPassword, weakSchemes == .refused {
            // It still costs what it costs, so that time doesn't tell who has such a password.
            decoy = decoy ?? entry.password
            hasFailedInternally = true
            return fail(
                .error(
                    """
                    weak password scheme \(entry.password.scheme.name) is refused; give the user a new password, or set \
                    auth_allow_weak_schemes = yes
                    """))
        }
        if purpose == .credentials {
            guard !entry.hasEmptyPassword else { return fail(.conditionNotMet("no password is stored to answer from")) }
            phase = .deriving(entry)
            return
        }
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
            if entry.password.isWeak, !entry.hasEmptyPassword { record(.weakScheme(entry.password.scheme.name)) }
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
