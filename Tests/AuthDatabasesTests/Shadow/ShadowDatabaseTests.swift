import AuthDatabases
import PasswordSchemes
import Testing

import func Glibc.geteuid

@Suite("The system's users", .enabled(if: geteuid() == 0, "only root reads /etc/shadow"))
struct ShadowDatabaseTests {
    @Test("An account without a login is disabled", arguments: ["daemon", "bin", "nobody"])
    func noLogin(user: String) async {
        let lookup = await ShadowDatabase(pool: BlockingPool(threads: 1)).lookup(UserQuery(user: user))
        guard case .refused(.disabled(let text), _, let decoy) = lookup else {
            Issue.record("\(lookup)")
            return
        }
        // Never the field itself.
        #expect(text == "invalid password field")
        #expect(decoy?.cost == .costly)
    }

    @Test("A name that nobody has is unknown, and costs a hash", arguments: ["no-such-user", "daemon ", "DAEMON", ""])
    func unknown(user: String) async {
        let lookup = await ShadowDatabase(pool: BlockingPool(threads: 1)).lookup(UserQuery(user: user))
        guard case .unknownUser(let decoy) = lookup else {
            Issue.record("\(lookup)")
            return
        }
        #expect(decoy?.cost == .costly)
    }

    @Test("A name is not cut at a NUL, which C would do")
    func embeddedNUL() async {
        let lookup = await ShadowDatabase(pool: BlockingPool(threads: 1)).lookup(UserQuery(user: "daemon\0x"))
        guard case .unknownUser = lookup else {
            Issue.record("\(lookup)")
            return
        }
    }

    @Test("It never answers on the caller's thread, and fails when too many wait")
    func waits() async {
        let database = ShadowDatabase(pool: BlockingPool(threads: 0))
        let isImmediate = database.immediateLookup(UserQuery(user: "daemon")) != nil
        #expect(!isImmediate)
        guard case .failed(let failure) = await database.lookup(UserQuery(user: "daemon")) else {
            Issue.record("answered")
            return
        }
        #expect(failure.description == "shadow can't be asked now: too many lookups are waiting")
    }
}
