import AuthDatabases
import PasswordSchemes
import Synchronization

/// Users in memory who are found at once.
struct MemoryUsers: PasswordDatabase {
    let driver = "memory"
    let users: [String: StoredPassword]

    /// - Parameter users: by name; passwords as a passwd-file has them.
    init(_ users: [String: String]) throws {
        self.users = try users.mapValues { try StoredPassword(parsing: $0.utf8.span, defaultScheme: .plain) }
    }

    func immediateLookup(_ query: UserQuery) -> PasswordLookup? {
        guard let password = users[query.user] else { return .unknownUser(decoy: nil) }
        return .found(PasswordEntry(password: password))
    }

    func lookup(_ query: UserQuery) async -> PasswordLookup { immediateLookup(query) ?? .unknownUser(decoy: nil) }
}

/// Users in memory whose lookup waits until the test lets it go on.
final class WaitingUsers: PasswordDatabase {
    private struct State {
        var asked: [String] = []
        var waiting: [(user: String, continuation: CheckedContinuation<Void, Never>)] = []
        var waitingForQuestions: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    let driver = "waiting"
    private let users: MemoryUsers
    private let state = Mutex(State())

    init(_ users: [String: String]) throws { self.users = try MemoryUsers(users) }

    /// Whom it was asked for, in this order.
    var asked: [String] { state.withLock { $0.asked } }

    func lookup(_ query: UserQuery) async -> PasswordLookup {
        await withCheckedContinuation { continuation in
            let waiters = state.withLock { state in
                state.asked.append(query.user)
                state.waiting.append((query.user, continuation))
                let met = state.waitingForQuestions.filter { $0.count <= state.asked.count }
                state.waitingForQuestions.removeAll { $0.count <= state.asked.count }
                return met
            }
            for waiter in waiters { waiter.continuation.resume() }
        }
        return await users.lookup(query)
    }

    /// Returns as soon as it was asked `count` times.
    func waitForQuestions(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                guard state.asked.count < count else { return true }
                state.waitingForQuestions.append((count, continuation))
                return false
            }
            if isMet { continuation.resume() }
        }
    }

    /// Answers the oldest question, or the oldest for `user`.
    func answerOne(for user: String? = nil) {
        let continuation = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let index = state.waiting.firstIndex(where: { user == nil || $0.user == user }) else { return nil }
            return state.waiting.remove(at: index).continuation
        }
        continuation?.resume()
    }
}
