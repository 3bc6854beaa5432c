internal import PasswordSchemes
internal import Synchronization

/// One piece of work for the ``VerificationPool``.
final class VerificationJob: Sendable {
    /// Why work was not done.
    enum Refusal: Sendable {
        /// There was no time left for it.
        case expired
        /// The pool has ended.
        case shutDown
    }

    let deadline: Instant
    private let isCancelled = Atomic(false)
    private let body: @Sendable (inout HashingWorkspace) -> Void
    private let onRefusal: @Sendable (Refusal) -> Void

    init(
        deadline: Instant, body: @escaping @Sendable (inout HashingWorkspace) -> Void,
        onRefusal: @escaping @Sendable (Refusal) -> Void
    ) {
        self.deadline = deadline
        self.body = body
        self.onRefusal = onRefusal
    }

    /// Nobody waits for it any more: if it has not begun it never will, and says nothing.
    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    func run(_ workspace: inout HashingWorkspace, at now: Instant) {
        guard !isCancelled.load(ordering: .relaxed) else { return }
        if deadline <= now { onRefusal(.expired) } else { body(&workspace) }
    }

    func refuse(_ refusal: Refusal) {
        guard !isCancelled.load(ordering: .relaxed) else { return }
        onRefusal(refusal)
    }
}
