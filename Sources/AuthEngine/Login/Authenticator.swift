public import AuthDatabases
internal import DovecotAuthProtocol
internal import PasswordSchemes
public import SASLMechanisms
internal import Secrets
internal import Synchronization

/// Answers ``LoginCheck``s by the password databases and the validator of tokens.
///
/// What needs neither I/O nor a costly hash is answered at once, on the caller's thread; the rest by the verification
/// pool and by background lookups.
public final class Authenticator: Sendable {
    private let chains: ProtocolTable<LoginChain>
    let pool: VerificationPool
    let lookups: BackgroundLookups
    let tokenValidator: (any TokenValidator)?
    let decoys: DecoySecret
    /// Which costly verifications need not be repeated; nil if all are.
    public let loginCache: LoginCache?
    /// The database that logins in which nothing is special may be compared with directly, see ``DirectLogins``.
    package let directDatabase: (any DirectPasswordDatabase)?
    /// Who was warned of already.
    private let weaklyStored = Mutex<Set<String>>([])

    /// The databases of a protocol's logins.
    public final class LoginChain: Sendable {
        public let chain: PasswordDatabaseChain
        /// Whether verdicts carry a log line for every failed login.
        public let isVerbose: Bool
        /// What such lines show of the password that was tried.
        public let passwordLogging: PasswordLogging

        public init(
            _ chain: PasswordDatabaseChain, isVerbose: Bool, passwordLogging: PasswordLogging = PasswordLogging()
        ) {
            self.chain = chain
            self.isVerbose = isVerbose
            self.passwordLogging = passwordLogging
        }
    }

    /// - Parameters:
    ///   - chain: the databases in their order.
    ///   - protocols: what single protocols have in their place.
    ///   - tokenValidator: judges bearer tokens; without one each fails temporarily.
    ///   - decoys: gives users with plain passwords the SCRAM salts that strangers have; the mechanisms' own.
    ///   - loginCache: remembers verifications that succeeded; nil to repeat them all.
    ///   - isVerbose: whether verdicts carry a log line for every failed login.
    ///   - passwordLogging: what such lines show of the password that was tried.
    public init(
        chain: PasswordDatabaseChain, tokenValidator: (any TokenValidator)?, decoys: DecoySecret,
        pool: VerificationPool, lookups: BackgroundLookups, loginCache: LoginCache? = nil,
        isVerbose: Bool, protocols: [String: LoginChain] = [:],
        passwordLogging: PasswordLogging = PasswordLogging()
    ) {
        chains = ProtocolTable(
            LoginChain(chain, isVerbose: isVerbose, passwordLogging: passwordLogging), own: protocols)
        directDatabase = protocols.isEmpty ? chain.direct : nil
        self.tokenValidator = tokenValidator
        self.decoys = decoys
        self.pool = pool
        self.lookups = lookups
        self.loginCache = loginCache
    }

    /// Whether more costly hashes are wanted than there are threads to compute them.
    package var hashesAreWaiting: Bool { pool.hasWaiting }

    /// An answer, or the promise of one.
    public enum Decision: Sendable {
        case now(LoginVerdict)
        /// To be resumed with ``UndecidedLogin/resume(_:)``.
        case later(UndecidedLogin)
    }

    /// Answers as far as that is possible without waiting.
    public func decide(_ check: consuming LoginCheck) -> Decision {
        let logins = chains[check.query.service]
        if let refusal = unaskedRefusal(check, logins) {
            let isLogged = logins.isVerbose || check.isDebugged
            return .now(LoginVerdict(.failure(code: nil, reason: nil), log: isLogged ? [LogLine(.info, refusal)] : []))
        }
        var run = LoginRun(logins.chain.begin(check.query, for: check.purpose))
        if check.token != nil { return .later(UndecidedLogin(check, run, self)) }
        while true {
            switch run.chain.next() {
            case .lookUp:
                guard run.chain.lookUpAtOnce() else { return .later(UndecidedLogin(check, run, self)) }
            case .verify(let stored) where isRemembered(check, stored):
                run.chain.verified(true)
            case .verify(let stored), .verifyInVain(let stored):
                guard stored.cost == .cheap else { return .later(UndecidedLogin(check, run, self)) }
                run.verify { () throws(PasswordSchemeError) in try check.isCorrect(stored) }
            case .derive(let stored), .deriveInVain(let stored):
                guard let derivation = derivation(check) else { return .now(LoginVerdict(.temporaryFailure)) }
                let result = derivation.immediately(from: stored)
                if case .costly = result { return .later(UndecidedLogin(check, run, self)) }
                run.derived(result)
            case .finished(let verdict):
                return .now(word(verdict, run.credential, of: check))
            }
        }
    }

    /// Whether this login's costly hash was computed a moment ago.
    func isRemembered(_ check: borrowing LoginCheck, _ stored: StoredPassword) -> Bool {
        guard let loginCache else { return false }
        switch check.subject {
        case .password(let password): return loginCache.knows(password, of: check.query.user, as: stored)
        case .credential: return false
        case .token: return false
        }
    }

    /// Spares the next login like this its costly hash.
    func remember(_ check: borrowing LoginCheck, _ stored: StoredPassword) {
        guard let loginCache else { return }
        switch check.subject {
        case .password(let password): loginCache.remember(password, of: check.query.user, as: stored)
        case .credential: return
        case .token: return
        }
    }

    /// How to make what a challenge-response mechanism asked for.
    func derivation(_ check: borrowing LoginCheck) -> CredentialDerivation? {
        guard let kind = check.credentialKind else { return nil }
        return CredentialDerivation(kind: kind, user: check.query.user, decoys: decoys)
    }

    /// A chain's verdict as a reply and as Dovecot's log lines.
    func word(
        _ verdict: ChainVerdict, _ credential: StoredCredential?, of check: borrowing LoginCheck
    ) -> LoginVerdict {
        let outcome: LoginVerdict.Outcome =
            switch verdict.outcome {
            case .success: .success(user: verdict.user)
            case .wrongPasswordOrUnknownUser: .failure(code: nil, reason: nil)
            case .disabled: .failure(code: .userDisabled, reason: nil)
            case .expired: .failure(code: .passwordExpired, reason: "Password expired")
            case .unauthorised: .failure(code: .authorizationFailure, reason: nil)
            case .internalFailure: .temporaryFailure
            }
        return LoginVerdict(
            outcome: outcome, credential: verdict.hasCredential ? credential : nil,
            fields: verdict.fields.isEmpty ? [] : verdict.fields.map { Parameter($0.name, $0.value) },
            userdbFields: verdict.userdbFields, masterUser: verdict.masterUser,
            targetUser: verdict.masterUser == nil ? nil : verdict.user,
            heldBackFor: verdict.delayUntil.map { .seconds($0 - chains[check.query.service].chain.clock.unixTime()) },
            isUndelayed: verdict.isUndelayed, log: verdict.records.isEmpty ? [] : lines(verdict, check))
    }

    private func lines(_ verdict: ChainVerdict, _ check: borrowing LoginCheck) -> [LogLine] {
        let (log, isDebugged) = (check.log, check.isDebugged)
        // For databases that have no rule of their own.
        let logins = chains[check.query.service]
        let (isVerbose, passwordLogging) = (logins.isVerbose || isDebugged, logins.passwordLogging)
        var lines: [LogLine] = []
        for record in verdict.records {
            // Dovecot is silent about failures unless auth_verbose is on.
            let isRecordVerbose = (record.isVerbose ?? isVerbose) || isDebugged
            let text: String
            switch record.event {
            case .error(let error):
                lines.append(log.line(.error, record, error))
                continue
            case .weakScheme(let scheme):
                guard isFirstWarning(of: record) else { continue }
                lines.append(
                    log.line(
                        .warning, record,
                        "weak password scheme \(scheme) is used; give the user a new password (gatepost pw), "
                            + "for Dovecot 2.4 refuses it"))
                continue
            case .denied:
                if isVerbose { lines.append(LogLine(.info, "User found from deny passdb")) }
                continue
            case .masterLogin(let target):
                guard isVerbose else { continue }
                lines.append(LogLine(.info, "Master user logging in as " + LogText.safe(target)))
                continue
            // Who logs in by a later database has not failed.
            case .unknownUser, .passwordMismatch:
                guard verdict.outcome != .success else { continue }
                let words = record.event == .unknownUser ? "unknown user" : "Password mismatch"
                guard passwordLogging.form != .nothing else {
                    text = words
                    break
                }
                // Logged even without auth_verbose, as in Dovecot.
                lines.append(
                    log.line(
                        .info, record,
                        words + check.givenPassword(passwordLogging) + (record.hasNext ? " - trying the next passdb" : "")))
                continue
            case .refused(let refusal): text = refusal.logText
            case .conditionNotMet(let condition): text = condition
            }
            if isRecordVerbose { lines.append(log.line(.info, record, text)) }
        }
        return lines
    }

    /// Whether the admin has not been told yet that this user's password is weakly stored.
    private func isFirstWarning(of record: ChainVerdict.Record) -> Bool {
        weaklyStored.withLock { known in
            // Past this many the admin knows, and memory has an end.
            guard known.count < 10_000 else { return false }
            return known.insert(record.driver + "\0" + record.user).inserted
        }
    }

    /// Why a login fails for which no database has to be asked, for the log.
    private func unaskedRefusal(_ check: borrowing LoginCheck, _ logins: LoginChain) -> String? {
        if let target = check.query.loginUser, !logins.chain.hasMasters {
            return "Attempted master login with no master passdbs (trying to log in as user: \(LogText.safe(target)))"
        } else if check.holdsIllegalPassword {
            return "Attempted login with password having illegal chars"
        }
        return nil
    }
}
