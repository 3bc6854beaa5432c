internal import AuthDatabases
internal import PasswordSchemes
internal import Secrets
internal import Synchronization

/// A login whose answer needs a costly hash or a lookup that waits.
///
/// One thread at a time works on it: the event loop hands it to the pool or to a lookup's task, and they to each other.
public final class UndecidedLogin: Sendable {
    private struct State {
        var run: ChainRun
        var job: VerificationJob?
        var isCancelled = false
        var report: (@Sendable (LoginVerdict) -> Void)?
    }

    private let state: Mutex<State>
    private let authenticator: Authenticator
    private let check: PasswordCheck

    init(_ check: consuming PasswordCheck, _ run: ChainRun, _ authenticator: Authenticator) {
        state = Mutex(State(run: run))
        self.check = check
        self.authenticator = authenticator
    }

    /// Finds the answer elsewhere and reports it from there, once; never on the caller's thread.
    ///
    /// Nothing is reported after ``cancel()``.
    public func resume(_ report: @escaping @Sendable (LoginVerdict) -> Void) {
        state.withLock { $0.report = report }
        proceed()
    }

    /// Nobody waits for the answer any more; what has not begun never will.
    public func cancel() {
        let job = state.withLock { state in
            state.isCancelled = true
            state.report = nil
            return state.job
        }
        job?.cancel()
    }

    /// Does the next step, which is one that could not be done at once.
    private func proceed() {
        switch step({ $0.next() }) {
        case .lookUp(let index): lookUp(index)
        case .verify(let stored), .verifyInVain(let stored): verify(stored)
        case .finished(let verdict): finish(verdict)
        }
    }

    private func step<Result>(_ body: (inout ChainRun) -> Result) -> Result where Result: Sendable {
        state.withLock { body(&$0.run) }
    }

    private func lookUp(_ index: Int) {
        authenticator.lookups.start {
            guard !self.isCancelled else { return }
            let answer = await self.authenticator.chain.databases[index].lookup(self.check.query)
            self.step { $0.lookedUp(answer) }
            self.proceed()
        }
    }

    private func verify(_ stored: StoredPassword) {
        let job = VerificationJob(deadline: check.deadline) { workspace in
            self.verify(stored, using: &workspace)
            self.proceed()
        } onRefusal: { refusal in
            switch refusal {
            case .expired: self.fail("no time left to check the password; the hash queue is too long")
            case .shutDown: self.fail("the server is shutting down")
            }
        }
        let isCancelled = state.withLock { state in
            state.job = job
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

    private func verify(_ stored: StoredPassword, using workspace: inout HashingWorkspace) {
        do throws(PasswordSchemeError) {
            let isCorrect = try stored.verify(check.password, user: check.query.originalUser, using: &workspace)
            step { $0.verified(isCorrect) }
        } catch {
            step { $0.verificationFailed(error) }
        }
    }

    private var isCancelled: Bool { state.withLock { $0.isCancelled } }

    private func finish(_ verdict: ChainVerdict) {
        report(authenticator.word(verdict, check.log, isDebugged: check.isDebugged))
    }

    private func fail(_ text: String) {
        report(
            LoginVerdict(
                .temporaryFailure,
                log: [check.log.line(.error, source: check.query.mechanism, user: check.query.user, text)]))
    }

    private func report(_ verdict: LoginVerdict) {
        let report = state.withLock { $0.report.take() }
        report?(verdict)
    }
}
