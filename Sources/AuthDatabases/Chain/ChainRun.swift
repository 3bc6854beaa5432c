public import PasswordSchemes

/// One login's way through the databases by Dovecot's rules, as a machine without I/O.
///
/// Whatever the outcome, one hash was computed, if any database has users to learn its cost from: time does not tell
/// who exists. What an account is kept out for is told only to who knows its password; Dovecot tells everybody.
///
/// Not copyable, for a login goes one way, and what it knows is long.
public struct ChainRun: ~Copyable, Sendable {
    enum Phase: Sendable {
        /// The database at ``index`` comes next, if it is to be asked.
        case entering
        case lookingUp
        case verifying
        case deriving
        /// A master user's password is right; whether any database knows the wanted user is to be found out.
        case seekingTarget
        case ending
        case hashingInVain
        case finished
    }

    /// A password that is being verified.
    struct Candidate: Sendable {
        let entry: PasswordEntry
        /// Why even the right password is of no use.
        var refusal: PasswordRefusal?
    }

    let chain: PasswordDatabaseChain
    let purpose: ChainPurpose
    /// The databases of this login.
    public var links: [PasswordDatabaseChain.Link] { chain.links }
    /// What the databases are asked; they may have changed the name.
    public internal(set) var query: UserQuery

    var phase = Phase.entering
    var index: Int
    /// Behind the last database that may be asked.
    var end: Int
    var fields = LoginFields()
    var candidate: Candidate?
    /// Of the last provisional answer.
    var fallback: Fallback?
    var decoy: StoredPassword?
    var records: [ChainVerdict.Record] = []

    var hasAsked = false
    var hasHashed = false
    /// Whether the database that is being asked has what a challenge's proof can be compared with.
    var isDerived = false
    /// Whether one had that whose conditions are met, so that no later one is asked for it.
    var hasDerived = false
    /// Whether what was last derived may be used.
    var hasCredential = false
    /// Whether a password was right, so that later ones are not looked at.
    var isVerified = false
    /// Whether the login succeeds if no other database says anything.
    var isSuccess = false
    var isDenied = false
    var hasFailedInternally = false
    /// Whether the last database that was asked knows the user.
    var isKnown = false
    /// Whether one didn't.
    var hasMissed = false
    /// Whether one has the user with a password of an unknown scheme.
    var isUnreadable = false
    /// What no rule can change any more.
    var outcome: ChainVerdict.Outcome?
    private let isMasterLogin: Bool
    /// As whom to log in, if the database that is being asked fails.
    var keptLoginUser: String?

    init(_ query: UserQuery, _ chain: PasswordDatabaseChain, purpose: ChainPurpose) {
        self.chain = chain
        self.purpose = purpose
        let (target, forwarded) = (query.loginUser, query.forwardedFields)
        isMasterLogin = target != nil
        keptLoginUser = target
        index = isMasterLogin ? chain.ordinaryCount : 0
        end = isMasterLogin ? chain.links.count : chain.ordinaryCount
        self.query = query
        // Whether a challenge was answered rightly is found out when it is too late to ask again.
        self.query.acceptsProvisional = purpose == .verification
        if !forwarded.isEmpty { fields.forward(forwarded) }
    }

    /// What has to happen now; the same again until that is reported.
    public mutating func next() -> ChainStep {
        while true {
            switch phase {
            case .entering:
                enter()
            case .lookingUp, .seekingTarget:
                return .lookUp(index)
            case .verifying:
                guard let password = candidate?.entry.password else { return .finished(verdict) }
                return .verify(password)
            case .deriving:
                guard let password = candidate?.entry.password else { return .finished(verdict) }
                return .derive(password)
            case .ending, .hashingInVain:
                guard !isAdmitted, !hasHashed, purpose != .existence, let decoy else {
                    phase = .finished
                    continue
                }
                phase = .hashingInVain
                return purpose == .verification ? .verifyInVain(decoy) : .deriveInVain(decoy)
            case .finished:
                return .finished(verdict)
            }
        }
    }

    /// Whether the password of the last step was right.
    public mutating func verified(_ isCorrect: Bool) {
        hasHashed = true
        switch phase {
        case .verifying:
            candidate?.entry.onVerification?(isCorrect)
            judge(isCorrect ? nil : .passwordMismatch)
        case .hashingInVain: phase = .finished
        default: return
        }
    }

    /// Whether the mechanism can use the password of the last step; if not, the refusal says for the log why.
    public mutating func derived(refusal: String?) {
        hasHashed = true
        switch phase {
        case .deriving:
            isDerived = refusal == nil
            judge(refusal.map { .conditionNotMet($0) })
        case .hashingInVain: phase = .finished
        default: return
        }
    }

    /// The password of the last step can't be verified, or used, at all.
    public mutating func verificationFailed(_ error: PasswordSchemeError) {
        hasHashed = true
        switch phase {
        case .verifying, .deriving:
            record(.error("\(error)"))
            candidate = nil
            // A stored cost over the ceiling is the admin's to mend, not the user's password to change.
            conclude(error.code == .tooCostly ? .internalFailure : .failure)
        case .hashingInVain:
            phase = .finished
        default:
            return
        }
    }

    /// - Parameter fault: what is wrong with the password; nil if nothing is.
    private mutating func judge(_ fault: ChainVerdict.Record.Event?) {
        guard let candidate = candidate.take() else { return conclude(.failure) }
        if let fault { record(fault) }
        if let refusal = candidate.refusal {
            // A challenge's proof is still to come, so that nobody can be told anything yet.
            end(fault == nil && purpose == .verification ? refusal.outcome : .wrongPasswordOrUnknownUser)
        } else if fault == nil {
            admit(candidate.entry)
        } else {
            if fault == .passwordMismatch { fallback?.isMismatch = true }
            conclude(.failure)
        }
    }

    /// The password counts as right.
    mutating func admit(_ entry: borrowing PasswordEntry) {
        if entry.password.isWeak, !entry.hasEmptyPassword, !isVerified {
            record(.weakScheme(entry.password.scheme.name))
        }
        if let user = entry.user { query.user = user }
        conclude(.success)
    }

    mutating func end(_ outcome: ChainVerdict.Outcome) {
        self.outcome = outcome
        phase = .ending
    }

    mutating func record(_ event: ChainVerdict.Record.Event) {
        let link = chain.links[index]
        records.append(
            .init(
                driver: link.name, user: query.user, isMaster: query.loginUser != nil,
                isVerbose: link.rules.isVerbose, hasNext: index + 1 < end, event: event))
    }

    // MARK: The end

    private var isAdmitted: Bool { outcome == nil && isSuccess && !isDenied }

    private var verdict: ChainVerdict {
        ChainVerdict(
            outcome: finalOutcome, user: query.user, masterUser: query.masterUser, fields: fields.list.visible,
            userdbFields: fields.userdb?.visible, delayUntil: fields.delayUntil, isUndelayed: fields.isUndelayed,
            presence: presence, hasCredential: hasCredential, records: records)
    }

    private var presence: ChainVerdict.Presence {
        isDenied ? .unknown : isKnown ? .known : isUnreadable && !hasMissed ? .unreadable : .unknown
    }

    private var finalOutcome: ChainVerdict.Outcome {
        let outcome =
            outcome
            ?? (isSuccess
                ? (isDenied ? .disabled : .success)
                : hasFailedInternally ? .internalFailure : .wrongPasswordOrUnknownUser)
        guard query.masterUser != nil else { return outcome }
        // The master user's password was right; what follows is about the wanted user.
        return outcome == .success || outcome == .internalFailure ? outcome : .unauthorised
    }

    var mustSeekTarget: Bool {
        isMasterLogin && isAdmitted && chain.unknownTargets == .refused
    }
}

extension PasswordRefusal {
    var outcome: ChainVerdict.Outcome {
        switch self {
        case .disabled: .disabled
        case .expired: .expired
        }
    }
}
