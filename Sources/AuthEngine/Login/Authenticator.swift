public import AuthDatabases
internal import DovecotAuthProtocol
internal import PasswordSchemes
internal import Secrets

/// Answers ``PasswordCheck``s by the password databases.
///
/// What needs neither I/O nor a costly hash is answered at once, on the caller's thread; the rest by the verification
/// pool and by background lookups.
public final class Authenticator: Sendable {
    let chain: PasswordDatabaseChain
    let pool: VerificationPool
    let lookups: BackgroundLookups
    private let isVerbose: Bool

    /// - Parameters:
    ///   - databases: asked in this order.
    ///   - isVerbose: whether verdicts carry a log line for every failed login.
    public init(
        databases: [any PasswordDatabase], pool: VerificationPool, lookups: BackgroundLookups, isVerbose: Bool
    ) {
        chain = PasswordDatabaseChain(databases)
        self.pool = pool
        self.lookups = lookups
        self.isVerbose = isVerbose
    }

    /// An answer, or the promise of one.
    public enum Decision: Sendable {
        case now(LoginVerdict)
        /// To be resumed with ``UndecidedLogin/resume(_:)``.
        case later(UndecidedLogin)
    }

    /// Answers as far as that is possible without waiting.
    public func decide(_ check: consuming PasswordCheck) -> Decision {
        if let verdict = refuseUnasked(check) { return .now(verdict) }
        var run = chain.begin(check.query)
        while true {
            switch run.next() {
            case .lookUp(let index):
                guard let result = chain.databases[index].immediateLookup(check.query) else {
                    return .later(UndecidedLogin(check, run, self))
                }
                run.lookedUp(result)
            case .verify(let stored), .verifyInVain(let stored):
                guard stored.cost == .cheap else { return .later(UndecidedLogin(check, run, self)) }
                do throws(PasswordSchemeError) {
                    run.verified(try stored.verifyCheaply(check.password, user: check.query.originalUser))
                } catch {
                    run.verificationFailed(error)
                }
            case .finished(let verdict):
                return .now(word(verdict, check.log, isDebugged: check.isDebugged))
            }
        }
    }

    /// A chain's verdict as a reply and as Dovecot's log lines.
    func word(_ verdict: ChainVerdict, _ log: LoginLog, isDebugged: Bool) -> LoginVerdict {
        let outcome: LoginVerdict.Outcome =
            switch verdict.outcome {
            case .success(let user, let fields):
                .success(user: user, fields: fields.map { Parameter($0.name, $0.value) })
            case .wrongPasswordOrUnknownUser: .failure(code: nil, reason: nil)
            case .disabled: .failure(code: .userDisabled, reason: nil)
            case .expired: .failure(code: .passwordExpired, reason: "Password expired")
            case .internalFailure: .temporaryFailure
            }
        let isSuccess = if case .success = verdict.outcome { true } else { false }
        var lines: [LogLine] = []
        for record in verdict.records {
            let text: String
            switch record.event {
            case .error(let error):
                lines.append(log.line(.error, source: record.driver, user: record.user, error))
                continue
            case .unknownUser: text = "unknown user"
            case .passwordMismatch: text = "Password mismatch"
            case .refused(let refusal): text = refusal.logText
            case .conditionNotMet(let condition): text = condition
            }
            // Dovecot is silent about failures unless auth_verbose is on.
            guard isVerbose || isDebugged, !isSuccess || record.event != .unknownUser else { continue }
            lines.append(log.refusal(driver: record.driver, user: record.user, text))
        }
        return LoginVerdict(outcome, log: lines)
    }

    /// What no database has to be asked for.
    private func refuseUnasked(_ check: borrowing PasswordCheck) -> LoginVerdict? {
        let text: String
        if let target = check.authorizationUser {
            text = "Attempted master login with no master passdbs (trying to log in as user: \(LogText.safe(target)))"
        } else if check.password.withBytes(Self.holdsIllegalByte) {
            text = "Attempted login with password having illegal chars"
        } else {
            return nil
        }
        return LoginVerdict(
            .failure(code: nil, reason: nil), log: isVerbose || check.isDebugged ? [LogLine(.info, text)] : [])
    }

    /// Dovecot's workers can't be told of these, so they never were part of a valid password.
    private static func holdsIllegalByte(_ password: Span<UInt8>) -> Bool {
        for index in password.indices {
            switch password[index] {
            case 0x01, UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): return true
            default: continue
            }
        }
        return false
    }
}
