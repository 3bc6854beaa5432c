internal import PasswordSchemes

extension ChainRun {
    /// Asks the database of the last ``ChainStep/lookUp(_:)`` on the calling thread, and takes its answer.
    ///
    /// - Returns: false if it can't say without waiting.
    public mutating func lookUpAtOnce() -> Bool {
        guard let answer = chain.links[index].immediateLookup(query) else { return false }
        lookedUp(answer)
        return true
    }

    /// What the database of the last ``ChainStep/lookUp(_:)`` says.
    public mutating func lookedUp(_ lookup: consuming PasswordLookup) {
        switch phase {
        case .lookingUp: break
        case .seekingTarget: return sought(lookup)
        default: return
        }
        if query.acceptsProvisional { fallback = nil }
        switch consume lookup {
        case .found(let entry):
            guard accept(entry) else { return }
            if chain.traits[index].isDenying { return deny() }
            found(entry)
        case .unknownUser(let decoy):
            self.decoy = self.decoy ?? decoy
            // Not to be found in a list of those who are kept out is nothing to speak of.
            if !chain.traits[index].isDenying { record(.unknownUser) }
            hasMissed = true
            conclude(.failure)
        case .refused(let refusal, let password, let decoy):
            self.decoy = self.decoy ?? decoy
            record(.refused(refusal))
            if chain.traits[index].isDenying { return deny() }
            refused(refusal, password)
        case .unusable(let error, let fields, let hasEmptyPassword, let decoy):
            self.decoy = self.decoy ?? decoy
            if chain.traits[index].isDenying { return deny() }
            unusable(error, fields, hasEmptyPassword: hasEmptyPassword)
        case .failed(let failure):
            record(.error(failure.description))
            // Who might be kept out doesn't get in.
            if chain.traits[index].isDenying { return end(.internalFailure) }
            conclude(.internalFailure)
        }
    }

    // MARK: Before a lookup

    /// Goes to the next database that is to be asked.
    mutating func enter() {
        skip()
        guard index < end else {
            if !hasAsked {
                records.append(
                    .init(
                        driver: query.mechanism, user: query.user, isMaster: query.loginUser != nil,
                        event: .error("All password databases were skipped")))
                hasFailedInternally = true
            }
            phase = .ending
            return
        }
        hasAsked = true
        if !chain.traits[index].isPlain {
            let fields = chain.links[index].rules.defaultFields
            if !fields.isEmpty { set(fields.map { $0.expand(query) }, from: .defaults, hasPassword: false) }
        }
        phase = .lookingUp
    }

    mutating func skip() {
        while index < end, !chain.traits[index].isPlain, isSkipped(chain.links[index].rules) { index += 1 }
    }

    private func isSkipped(_ rules: PasswordDatabaseRules) -> Bool {
        switch rules.skip {
        case .ifAuthenticated where isVerified, .ifUnauthenticated where !isVerified: true
        default: !rules.admits(mechanism: query.mechanism) || !rules.usernameFilter.admits(query.user)
        }
    }

    // MARK: After it

    private mutating func found(_ entry: consuming PasswordEntry) {
        if !entry.fields.isEmpty, chain.links[index].rules.importsAllFields {
            set(entry.fields, from: .entry, hasPassword: !entry.hasEmptyPassword)
        }
        if fields.skipsAuthentication { return conclude(.noAuthentication) }
        // continue-ok counts a password as verified that nobody has looked at; a challenge needs one all the same.
        let isSettled = isVerified && (purpose != .credentials || hasDerived)
        if isSettled || purpose == .existence { return admit(entry) }
        if !entry.hasEmptyPassword, entry.password.isWeak, chain.weakSchemes == .refused {
            return refuseWeak(entry.password)
        }
        switch purpose {
        case .existence:
            admit(entry)
        case .credentials where entry.hasEmptyPassword:
            record(.conditionNotMet("no password is stored to answer from"))
            conclude(.failure)
        case .credentials:
            candidate = Candidate(entry: entry)
            phase = .deriving
        case .verification where fields.allowsAnyPassword:
            admit(entry)
        case .verification where entry.hasEmptyPassword:
            // An empty PLAIN password logs in with Dovecot; an unfinished line is no open door here.
            record(.passwordMismatch)
            conclude(.failure)
        case .verification where isKnownMismatch(entry):
            record(.passwordMismatch)
            conclude(.failure)
        case .verification:
            candidate = Candidate(entry: entry)
            phase = .verifying
        }
    }

    /// Dovecot sets the fields before it looks at the password, which it does only if that is to be compared.
    private mutating func unusable(_ error: PasswordSchemeError, _ fields: [ExtraField], hasEmptyPassword: Bool) {
        if !fields.isEmpty, chain.links[index].rules.importsAllFields {
            set(fields, from: .entry, hasPassword: !hasEmptyPassword)
        }
        if self.fields.skipsAuthentication { return conclude(.noAuthentication) }
        if isVerified || purpose == .verification && self.fields.allowsAnyPassword { return conclude(.success) }
        record(.error("\(error)"))
        // Who is only asked for is there, whatever is wrong with the hash; Dovecot reads no further than the scheme.
        guard purpose == .existence else { return conclude(.failure) }
        guard error.code == .unknownScheme else { return conclude(.success) }
        isUnreadable = true
        conclude(.failure)
    }

    private mutating func refuseWeak(_ password: StoredPassword) {
        // It still costs what it costs, so that time doesn't tell who has such a password.
        decoy = decoy ?? password
        record(
            .error(
                """
                weak password scheme \(password.scheme.name) is refused; give the user a new password, or set \
                auth_allow_weak_schemes = yes
                """))
        conclude(.internalFailure)
    }

    private mutating func refused(_ refusal: PasswordRefusal, _ password: StoredPassword?) {
        fields.takeBack()
        if purpose == .existence {
            end(refusal.outcome)
        } else if let password {
            candidate = Candidate(entry: PasswordEntry(password: password), refusal: refusal)
            phase = purpose == .verification ? .verifying : .deriving
        } else {
            end(.wrongPasswordOrUnknownUser)
        }
    }

    /// The user is to be kept out, but is told so only if the rest of the databases know the password.
    private mutating func deny() {
        record(.denied)
        isDenied = true
        fields.takeBack()
        guard purpose != .existence else { return end(.disabled) }
        index += 1
        skip()
        phase = index < end ? .entering : .ending
    }

    /// Whether this database knows whom a master user wants to be.
    private mutating func sought(_ lookup: PasswordLookup) {
        switch lookup {
        case .found, .refused, .unusable:
            phase = .ending
        case .unknownUser:
            index += 1
            seekTarget()
        case .failed(let failure):
            record(.error(failure.description))
            hasFailedInternally = true
            index += 1
            seekTarget()
        }
    }

    /// Goes to the next database that may know whom a master user wants to be.
    mutating func seekTarget() {
        while index < end, chain.traits[index].isDenying || !chain.links[index].rules.usernameFilter.admits(query.user)
        {
            index += 1
        }
        if index < end {
            phase = .seekingTarget
        } else {
            end(hasFailedInternally ? .internalFailure : .unauthorised)
        }
    }
}
