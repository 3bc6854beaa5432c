extension ChainRun {
    /// Does what the rules of the database say after its answer.
    mutating func conclude(_ given: LookupResult) {
        if !chain.traits[index].isPlain {
            let fields = chain.links[index].rules.overrideFields
            if !fields.isEmpty { set(fields.map { $0.expand(query) }, from: .overrides, hasPassword: true) }
        }
        // A condition that is not met counts in its own database only.
        let result = fields.hasFailed && given == .success ? .failure : given
        if fallback != nil, askAgain(after: result) { return }
        fields.hasFailed = false
        isKnown = result == .success
        if given == .success, !isKnown { hasMissed = true }
        if result == .internalFailure { hasFailedInternally = true }
        let continues = follow(chain.traits[index].action(after: result), isCorrect: result == .success)
        if isDerived { noteDerivation() }

        var hasBecomeTarget = false
        if result == .success, let target = query.loginUser {
            record(.masterLogin(as: target))
            query.masterUser = query.user
            query.user = target
            query.loginUser = nil
            hasBecomeTarget = true
        }
        if result == .success || result == .noAuthentication {
            fields.keep()
            keptLoginUser = query.loginUser
        } else {
            fields.takeBack()
            // Dovecot leaves it, so that another database's password would log in as that user.
            if query.loginUser != keptLoginUser { query.loginUser = keptLoginUser }
        }

        let concluded = index
        if hasBecomeTarget { (index, end) = (0, chain.ordinaryCount) } else { index += 1 }
        if continues {
            skip()
            if index < end {
                phase = .entering
                return
            }
        } else if hasBecomeTarget, mustSeekTarget {
            return seekTarget()
        }
        index = concluded
        phase = .ending
        if result == .noAuthentication {
            record(.error("Last passdb had noauthenticate field, cannot authenticate user"))
            end(.internalFailure)
        }
    }

    /// As in Dovecot, an entry whose conditions are not met has a say where continue-ok passes over that, but no last one.
    private mutating func noteDerivation() {
        isDerived = false
        if isKnown { hasDerived = true }
        if isKnown || isVerified { hasCredential = true }
    }

    /// - Returns: whether the next database is asked, if there is one.
    private mutating func follow(_ action: PasswordDatabaseRules.Action, isCorrect: Bool) -> Bool {
        switch action {
        case .return:
            return false
        case .returnOK:
            isSuccess = true
            return false
        case .returnFail:
            isSuccess = false
            return false
        case .continue:
            if isCorrect { isVerified = true }
            return true
        case .continueOK:
            isSuccess = true
            isVerified = true
            return true
        case .continueFail:
            isSuccess = false
            return true
        }
    }

    mutating func set(_ fields: [ExtraField], from origin: LoginFields.Origin, hasPassword: Bool) {
        self.fields.set(fields, from: origin, hasPassword: hasPassword, &query, chain.clock)
        guard !self.fields.notes.isEmpty else { return }
        for note in self.fields.notes { record(note) }
        self.fields.notes = []
    }
}
