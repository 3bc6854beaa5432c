internal import AuthDatabases
internal import PasswordSchemes
internal import SASLMechanisms
internal import Secrets
internal import Synchronization

/// A login whose answer needs a costly hash or a lookup that waits.
///
/// One thread at a time works on it: the event loop hands it to the pool or to a lookup's task, and they to each other.
public final class UndecidedLogin: Sendable {
    private struct State: ~Copyable {
        var run: LoginRun
        var job: VerificationJob?
        var isCancelled = false
        var report: (@Sendable (LoginVerdict) -> Void)?
    }

    private let state: Mutex<State>
    private let authenticator: Authenticator
    private let check: LoginCheck

    init(_ check: consuming LoginCheck, _ run: consuming LoginRun, _ authenticator: Authenticator) {
        state = Mutex(State(run: run))
        self.check = check
        self.authenticator = authenticator
    }

    /// Finds the answer elsewhere and reports it from there, once; never on the caller's thread.
    ///
    /// Nothing is reported after ``cancel()``.
    public func resume(_ report: @escaping @Sendable (LoginVerdict) -> Void) {
        let isCancelled = state.withLock { state in
            if !state.isCancelled { state.report = report }
            return state.isCancelled
        }
        guard !isCancelled else { return }
        if let token = check.token { validate(token) } else { proceed() }
    }

    /// Nobody waits for the answer any more; what has not begun never will.
    public func cancel() {
        let job = state.withLock { state in
            state.isCancelled = true
            state.report = nil
            return state.job.take()
        }
        job?.cancel()
    }

    /// Does the next step, which is one that could not be done at once.
    private func proceed() {
        switch step({ $0.chain.next() }) {
        case .lookUp(let index): lookUp(index)
        case .verify(let stored): verify(stored)
        case .verifyInVain(let stored): hash(stored, isDecoy: true)
        case .derive(let stored), .deriveInVain(let stored): derive(stored)
        case .finished(let verdict): finish(verdict)
        }
    }

    private func step<Result>(_ body: (inout LoginRun) -> Result) -> Result where Result: Sendable {
        state.withLock { body(&$0.run) }
    }

    private func lookUp(_ index: Int) {
        authenticator.lookups.start {
            guard !self.isCancelled else { return }
            let (database, query) = self.step { ($0.chain.links[index].database, $0.chain.query) }
            let answer = await database.lookup(query)
            self.step { $0.chain.lookedUp(answer) }
            self.proceed()
        }
    }

    /// Asks the validator, which no chain of databases has a say in (Dovecot 2.4; 2.3 asks its passdbs).
    private func validate(_ token: SharedSecret) {
        guard let validator = authenticator.tokenValidator else {
            return fail("no validator of tokens is configured")
        }
        authenticator.lookups.start {
            guard !self.isCancelled else { return }
            do throws(DatabaseFailure) {
                switch try await validator.validate(token, for: self.check.query) {
                case .valid(let user):
                    self.report(LoginVerdict(.success(user: user)))
                case .invalid(let refusal):
                    self.report(LoginVerdict(.failure(code: nil, reason: nil), tokenRefusal: refusal))
                }
            } catch {
                self.fail(error.description)
            }
        }
    }

    private func verify(_ stored: StoredPassword) {
        guard authenticator.isRemembered(check, stored) else { return hash(stored, isDecoy: false) }
        step { $0.chain.verified(true) }
        proceed()
    }

    private func hash(_ stored: StoredPassword, isDecoy: Bool) {
        work { workspace in
            let result: Result<Bool, PasswordSchemeError>
            do throws(PasswordSchemeError) {
                let isCorrect = try self.check.isCorrect(stored, using: &workspace)
                if isCorrect, !isDecoy { self.authenticator.remember(self.check, stored) }
                result = .success(isCorrect)
            } catch {
                result = .failure(error)
            }
            self.step { $0.verify { () throws(PasswordSchemeError) in try result.get() } }
        }
    }

    private func derive(_ stored: StoredPassword) {
        work { _ in
            guard let derivation = self.authenticator.derivation(self.check) else { return }
            let result = derivation.eventually(from: stored)
            self.step { $0.derived(result) }
        }
    }

    /// Has the pool do something, and goes on afterwards.
    private func work(_ body: @escaping @Sendable (inout HashingWorkspace) -> Void) {
        let job = VerificationJob(deadline: check.deadline) { workspace in
            body(&workspace)
            self.proceed()
        } onRefusal: { refusal in
            switch refusal {
            case .expired: self.fail("no time left to check the password; the hash queue is too long")
            case .shutDown: self.fail("the server is shutting down")
            }
        }
        let isCancelled = state.withLock { state in
            if !state.isCancelled { state.job = job }
            return state.isCancelled
        }
        guard !isCancelled else { return }
        do throws(VerificationPool.Overloaded) {
            // Requests without an address share a lane.
            try authenticator.pool.submit(job, host: check.query.remoteAddress ?? "")
        } catch {
            fail("too many passwords are waiting to be checked (gatepost_hash_queue_limit)")
        }
    }

    private var isCancelled: Bool { state.withLock { $0.isCancelled } }

    private func finish(_ verdict: ChainVerdict) {
        let credential = step { $0.credential }
        report(authenticator.word(verdict, credential, of: check))
    }

    private func fail(_ text: String) {
        report(
            LoginVerdict(
                .temporaryFailure,
                log: [check.log.line(.error, source: check.query.mechanism, user: check.query.user, text)]))
    }

    private func report(_ verdict: LoginVerdict) {
        let report = state.withLock { state in
            // The job holds this login, and so its password; neither may keep the other alive.
            state.job = nil
            return state.report.take()
        }
        report?(verdict)
    }
}
