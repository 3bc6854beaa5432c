import AuthDatabases
import Synchronization

@testable import PasswordSchemes

/// Users in memory whose digests may be copied, and who count how often they are asked.
final class DirectUsersUnderTest: DirectPasswordDatabase {
    let driver = "direct"
    let answersDirectly = true
    private let users: MemoryUsers
    private let state = Mutex((asked: 0, looks: 0, reading: UInt64(1)))

    init(_ users: [String: String]) throws { self.users = try MemoryUsers(users) }

    /// How many logins have come here the usual way.
    var asked: Int { state.withLock { $0.asked } }

    /// How often it was asked whether copies may answer.
    var looks: Int { state.withLock { $0.looks } }

    /// From here on copies are of another reading; 0 for that none may answer.
    func change(toReading reading: UInt64) { state.withLock { $0.reading = reading } }

    func directReading() -> UInt64 {
        state.withLock { state in
            state.looks += 1
            return state.reading
        }
    }

    func lendDigest(of user: Span<UInt8>, reading: UInt64, _ body: (DigestAlgorithm, Span<UInt8>) -> Void) -> Bool {
        users.users[String(decoding: user.indices.map { user[$0] }, as: UTF8.self)]?.lendDigest(body) ?? false
    }

    func immediateLookup(_ query: UserQuery) -> PasswordLookup? {
        state.withLock { $0.asked += 1 }
        return users.immediateLookup(query)
    }

    func lookup(_ query: UserQuery) async -> PasswordLookup { await users.lookup(query) }
}
