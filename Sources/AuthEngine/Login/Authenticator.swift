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
    let isVerbose: Bool

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
                return .now(worded(verdict, check.log, isVerbose: isVerbose || check.isDebugged))
            }
        }
    }

    /// What no database has to be asked for.
    private func refuseUnasked(_ check: borrowing PasswordCheck) -> LoginVerdict? {
        let isVerbose = isVerbose || check.isDebugged
        if let target = check.authorizationUser {
            return LoginVerdict(
                .failure(code: nil, reason: nil),
                log: isVerbose
                    ? [
                        LogLine(
                            .info,
                            "Attempted master login with no master passdbs (trying to log in as user: "
                                + LogText.safe(target) + ")")
                    ] : [])
        }
        // Dovecot's auth-worker protocol can't carry these, so they never were valid passwords.
        let isIllegal = check.password.withBytes { bytes in
            for index in bytes.indices {
                switch bytes[index] {
                case 0x01, UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): return true
                default: continue
                }
            }
            return false
        }
        guard isIllegal else { return nil }
        return LoginVerdict(
            .failure(code: nil, reason: nil),
            log: isVerbose ? [LogLine(.info, "Attempted login with password having illegal chars")] : [])
    }
}
